"""How often something may be tried in a stretch of time.

One upsert in a transaction of its own, so that a try counts although what it tried is rolled back.
Windows go by the database's clock, which all instances share. A try beyond the limit does not
prolong the window: whoever waits as told is let in.
"""

import hashlib
import math
from dataclasses import dataclass
from typing import cast

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.errors import TooMany


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of one subject per window."""

    name: str
    tries: int
    seconds: int


_COUNT = text(
    """
    INSERT INTO throttles AS t (key, window_started_at, count) VALUES (:key, now(), 1)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN t.window_started_at + make_interval(secs => :seconds) <= now()
            THEN 1 ELSE t.count + 1 END,
        window_started_at = CASE WHEN t.window_started_at + make_interval(secs => :seconds) <= now()
            THEN now() ELSE t.window_started_at END
    RETURNING count, extract(epoch FROM
        window_started_at + make_interval(secs => :seconds) - now())::double precision
    """
)
_FORGET = text("DELETE FROM throttles WHERE key = :key")


async def hit(sessions: Sessions, limit: Limit, *subject: str) -> None:
    """Counts one try; raises TooMany, with the seconds to wait, for one beyond the limit."""
    async with transaction(sessions) as session:
        tries, seconds_left = await count(session, limit, *subject)
    if tries > limit.tries:
        raise TooMany(retry_after_seconds=max(1, math.ceil(seconds_left)))


async def count(session: AsyncSession, limit: Limit, *subject: str) -> tuple[int, float]:
    """Counts a try within a transaction: how many it makes, and the seconds the window has left."""
    counted = await session.execute(
        _COUNT, {"key": key_of(limit, *subject), "seconds": limit.seconds}
    )
    return cast("tuple[int, float]", counted.one())


async def forget(sessions: Sessions, limit: Limit, *subject: str) -> None:
    """The next try is the first one again."""
    async with transaction(sessions) as session:
        await session.execute(_FORGET, {"key": key_of(limit, *subject)})


def key_of(limit: Limit, *subject: str) -> str:
    """Hashed: subjects are addresses of people, and a table of counts is no place for them."""
    return f"{limit.name}:{hashlib.sha256(chr(0).join(subject).encode()).hexdigest()}"
