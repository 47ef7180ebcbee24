import asyncio

import pytest
from sqlalchemy import text

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.db.throttle import Limit, forget, hit, key_of
from menuvo_platform.errors import TooMany

LIMIT = Limit("test", tries=3, seconds=60)


async def let_the_window_pass(owner_sessions: Sessions, subject: str) -> None:
    async with transaction(owner_sessions) as session:
        await session.execute(
            text(
                "UPDATE throttles SET window_started_at = now() - interval '60 seconds'"
                " WHERE key = :key"
            ),
            {"key": key_of(LIMIT, subject)},
        )


async def test_the_try_beyond_the_limit_is_told_when_to_come_back(sessions: Sessions) -> None:
    for _ in range(LIMIT.tries):
        await hit(sessions, LIMIT, "anna")
    with pytest.raises(TooMany) as refused:
        await hit(sessions, LIMIT, "anna")
    assert 0 < refused.value.retry_after_seconds <= LIMIT.seconds


async def test_subjects_are_counted_apart(sessions: Sessions) -> None:
    for _ in range(LIMIT.tries):
        await hit(sessions, LIMIT, "ab", "c")
    await hit(sessions, LIMIT, "a", "bc")


async def test_tries_at_the_same_moment_are_all_counted(sessions: Sessions) -> None:
    results = await asyncio.gather(
        *(hit(sessions, LIMIT, "ben") for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(result, TooMany) for result in results) == 7


async def test_insisting_does_not_prolong_the_wait(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    for _ in range(LIMIT.tries):
        await hit(sessions, LIMIT, "cleo")
    for _ in range(3):
        with pytest.raises(TooMany):
            await hit(sessions, LIMIT, "cleo")
    await let_the_window_pass(owner_sessions, "cleo")
    await hit(sessions, LIMIT, "cleo")


async def test_what_is_forgotten_starts_again(sessions: Sessions) -> None:
    for _ in range(LIMIT.tries):
        await hit(sessions, LIMIT, "dora")
    await forget(sessions, LIMIT, "dora")
    await hit(sessions, LIMIT, "dora")


async def test_the_table_does_not_name_the_subject(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    await hit(sessions, LIMIT, "emil@example.org")
    async with transaction(owner_sessions) as session:
        keys = (await session.execute(text("SELECT key FROM throttles"))).scalars().all()
    assert not [key for key in keys if "emil" in key]
