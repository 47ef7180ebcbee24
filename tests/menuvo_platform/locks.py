"""What the connections of a test's database wait for."""

import asyncio

from sqlalchemy import text

from menuvo_platform.db.session import Sessions, transaction

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def wait_until_somebody_waits(owner_sessions: Sessions, *, people: int = 1) -> None:
    async with asyncio.timeout(10):
        while True:
            async with transaction(owner_sessions) as session:
                if await session.scalar(_WAITING) == people:
                    return
