from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update

from menuvo_platform.accounts.models import Login, User
from menuvo_platform.accounts.passwords import needs_rehash
from menuvo_platform.accounts.schemas import Membership, Person
from menuvo_platform.accounts.service import (
    FROM_EVERYWHERE,
    FROM_ONE_PLACE,
    WrongCredentials,
    end_login,
    find_person,
    list_logins,
    log_in,
)
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.db.throttle import key_of
from menuvo_platform.errors import NotFound, TooMany
from menuvo_platform.ids import token_digest
from tests.menuvo_platform.accounts.people import PASSWORD, UserRow, add_user
from tests.menuvo_platform.rows import StoreRow, add_store

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
_networks = iter(f"192.0.2.{number}" for number in range(1, 255))


@pytest.fixture(scope="module")
async def store(owner_sessions: Sessions) -> StoreRow:
    return await add_store(owner_sessions)


@pytest.fixture
async def user(owner_sessions: Sessions, store: StoreRow) -> UserRow:
    return await add_user(owner_sessions, store.merchant_id)


@pytest.fixture
def address() -> str:
    return next(_networks)


async def sign_in(
    sessions: Sessions,
    email: str,
    address: str,
    *,
    password: str = PASSWORD,
    known_browser: bool = False,
    now: datetime = NOW,
) -> str:
    return await log_in(
        sessions,
        email,
        password,
        address=address,
        known_browser=known_browser,
        user_agent="Mozilla/5.0",
        now=now,
    )


async def fail(sessions: Sessions, email: str, address: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            await sign_in(sessions, email, address, password="wrong")


async def find(sessions: Sessions, token: str, now: datetime = NOW) -> Person | None:
    return await find_person(sessions, token, now)


async def let_windows_pass(owner_sessions: Sessions) -> None:
    async with transaction(owner_sessions) as session:
        await session.execute(
            text("UPDATE throttles SET window_started_at = now() - interval '1h'")
        )


async def test_a_login_says_who_it_is_and_where_they_work(
    sessions: Sessions, user: UserRow, store: StoreRow, address: str
) -> None:
    person = await find(sessions, await sign_in(sessions, user.email, address))
    assert person is not None
    assert (person.user_id, person.email, person.name) == (user.id, user.email, "Paula Probe")
    assert person.memberships == (Membership(store.merchant_id, None, "owner"),)


async def test_an_address_is_found_however_it_is_typed(
    sessions: Sessions, user: UserRow, address: str
) -> None:
    assert await sign_in(sessions, f" {user.email.upper()} ", address)


async def test_only_the_digest_of_a_token_is_stored(
    sessions: Sessions, owner_sessions: Sessions, user: UserRow, address: str
) -> None:
    token = await sign_in(sessions, user.email, address)
    async with transaction(owner_sessions) as session:
        found = select(Login.token_digest).where(Login.user_id == user.id)
        assert (await session.execute(found)).scalars().all() == [token_digest(token)]


async def test_wrong_password_and_unknown_address_are_told_the_same(
    sessions: Sessions, user: UserRow, address: str
) -> None:
    with pytest.raises(WrongCredentials) as wrong:
        await sign_in(sessions, user.email, address, password="wrong")
    with pytest.raises(WrongCredentials) as unknown:
        await sign_in(sessions, "nobody@example.org", address)
    assert str(wrong.value) == str(unknown.value)


async def test_an_unused_login_ends_after_thirty_days_and_a_used_one_goes_on(
    sessions: Sessions, user: UserRow, address: str
) -> None:
    unused = await sign_in(sessions, user.email, address)
    used = await sign_in(sessions, user.email, address)
    assert await find(sessions, used, NOW + timedelta(days=20))
    later = NOW + timedelta(days=30, seconds=1)
    assert await find(sessions, unused, later) is None
    assert await find(sessions, used, later) is not None


async def test_being_seen_is_written_once_a_minute(
    sessions: Sessions, owner_sessions: Sessions, user: UserRow, address: str
) -> None:
    token = await sign_in(sessions, user.email, address)

    async def last_seen() -> datetime:
        async with transaction(owner_sessions) as session:
            found = select(Login.last_seen_at).where(Login.user_id == user.id)
            return (await session.execute(found)).scalar_one()

    await find(sessions, token, NOW + timedelta(seconds=59))
    assert await last_seen() == NOW
    await find(sessions, token, NOW + timedelta(seconds=61))
    assert await last_seen() == NOW + timedelta(seconds=61)


async def test_a_revoked_login_has_ended_and_the_others_have_not(
    sessions: Sessions, user: UserRow, address: str
) -> None:
    lost, kept = [await sign_in(sessions, user.email, address) for _ in range(2)]
    thief, person = await find(sessions, lost), await find(sessions, kept)
    assert thief is not None
    assert person is not None
    await end_login(sessions, person, thief.login_id, NOW)
    assert await find(sessions, lost) is None
    assert await find(sessions, kept) is not None
    listed = await list_logins(sessions, person, NOW)
    assert [login.id for login in listed] == [person.login_id]


async def test_nobody_ends_the_login_of_somebody_else(
    sessions: Sessions, owner_sessions: Sessions, user: UserRow, store: StoreRow, address: str
) -> None:
    other = await add_user(owner_sessions, store.merchant_id)
    person = await find(sessions, await sign_in(sessions, user.email, address))
    theirs = await find(sessions, await sign_in(sessions, other.email, address))
    assert person is not None
    assert theirs is not None
    with pytest.raises(NotFound):
        await end_login(sessions, person, theirs.login_id, NOW)


async def test_guessing_from_one_place_is_stopped_there_and_only_there(
    sessions: Sessions, owner_sessions: Sessions, user: UserRow, address: str
) -> None:
    await fail(sessions, user.email, address, FROM_ONE_PLACE.tries)
    with pytest.raises(TooMany):
        await sign_in(sessions, user.email, address)
    assert await sign_in(sessions, user.email, next(_networks))
    await let_windows_pass(owner_sessions)
    assert await sign_in(sessions, user.email, address)


async def test_a_login_forgets_the_failures_before_it(
    sessions: Sessions, user: UserRow, address: str
) -> None:
    for _ in range(2):
        await fail(sessions, user.email, address, FROM_ONE_PLACE.tries - 1)
        await sign_in(sessions, user.email, address)


async def test_guessing_from_everywhere_locks_out_strangers_but_no_known_browser(
    sessions: Sessions, owner_sessions: Sessions, user: UserRow
) -> None:
    async with transaction(owner_sessions) as session:
        await session.execute(
            text(
                "INSERT INTO throttles (key, window_started_at, count) VALUES (:key, now(), :count)"
            ),
            {
                "key": key_of(FROM_EVERYWHERE, user.email),
                "count": FROM_EVERYWHERE.tries,
            },
        )
    with pytest.raises(TooMany):
        await sign_in(sessions, user.email, next(_networks))
    assert await sign_in(sessions, user.email, next(_networks), known_browser=True)


async def test_a_hash_of_old_parameters_is_renewed_by_the_next_login(
    sessions: Sessions, owner_sessions: Sessions, user: UserRow, address: str
) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with transaction(owner_sessions) as session:
        await session.execute(update(User).where(User.id == user.id).values(password_hash=weak))
    await sign_in(sessions, user.email, address)
    async with transaction(owner_sessions) as session:
        found = select(User.password_hash).where(User.id == user.id)
        assert not needs_rehash((await session.execute(found)).scalar_one())
    assert await sign_in(sessions, user.email, address)


async def test_a_refused_login_leaves_no_row(
    sessions: Sessions, owner_sessions: Sessions, user: UserRow, address: str
) -> None:
    await fail(sessions, user.email, address, 1)
    async with transaction(owner_sessions) as session:
        counted = select(func.count()).select_from(Login).where(Login.user_id == user.id)
        assert (await session.execute(counted)).scalar_one() == 0
