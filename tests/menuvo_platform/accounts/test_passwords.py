import time

import pytest
from argon2 import PasswordHasher

from menuvo_platform.accounts import passwords
from menuvo_platform.accounts.passwords import hash_password, needs_rehash, verify_password
from tests.menuvo_platform.conftest import REAL_HASHER


@pytest.fixture(autouse=True)
def at_the_real_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", REAL_HASHER)


async def test_the_right_password_is_known_and_any_other_is_not() -> None:
    password_hash = await hash_password("Spätzle mit Soße")
    assert await verify_password(password_hash, "Spätzle mit Soße")
    assert not await verify_password(password_hash, "Spätzle mit Sosse")
    assert not await verify_password(password_hash, "")


async def test_a_hash_is_salted_argon2id_with_a_sensible_cost() -> None:
    first, second = await hash_password("same"), await hash_password("same")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_hash_of_other_parameters_is_verified_and_told_to_be_renewed() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("old")
    assert await verify_password(weak, "old")
    assert needs_rehash(weak)
    assert not needs_rehash(await hash_password("old"))


async def test_what_is_no_hash_at_all_is_a_wrong_password() -> None:
    assert not await verify_password("disabled", "disabled")


async def test_an_unknown_user_takes_as_long_as_a_wrong_password() -> None:
    password_hash = await hash_password("known")

    async def fastest(known_hash: str | None) -> float:
        """In time of the processor, which a busy neighbour does not prolong."""
        times = []
        for _ in range(5):
            started = time.process_time()
            assert not await verify_password(known_hash, "wrong")
            times.append(time.process_time() - started)
        return min(times)

    known, unknown = await fastest(password_hash), await fastest(None)
    assert 0.5 < unknown / known < 2
