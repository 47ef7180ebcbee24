"""Bells on Redis: lists from which a blocked client takes what another one pushed."""

from redis.asyncio import Redis
from redis.exceptions import RedisError

LONGEST_WAIT_SECONDS = 5.0
RINGS_KEPT = 16  # more than there are workers; a busy worker looks again without being called

Unheard = (RedisError, OSError)


def connect(url: str) -> Redis:
    """A client that may block for the longest wait. Nothing is connected yet."""
    return Redis.from_url(
        url,
        socket_connect_timeout=2,
        socket_timeout=LONGEST_WAIT_SECONDS + 2,
    )


async def ring(redis: Redis, key: str) -> None:
    async with redis.pipeline() as pipeline:
        pipeline.lpush(key, 1)
        pipeline.ltrim(key, 0, RINGS_KEPT - 1)
        await pipeline.execute()


async def hear(redis: Redis, key: str, at_most_seconds: float) -> bool:
    """Whether somebody rang before the time was over."""
    return await redis.blpop([key], timeout=min(at_most_seconds, LONGEST_WAIT_SECONDS)) is not None
