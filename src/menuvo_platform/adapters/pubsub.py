"""Redis as a town crier: what it says may be lost at any moment."""

from collections.abc import AsyncGenerator
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

Unheard = (RedisError, OSError)


def connect(url: str) -> Redis:
    """Nothing is connected yet; every command gives up after two seconds."""
    return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)


async def ping(redis: Redis) -> None:
    await redis.ping()


async def publish(redis: Redis, channel: str, message: str) -> None:
    await redis.publish(channel, message)


async def messages(redis: Redis, channel: str) -> AsyncGenerator[str | None]:
    """None once the subscription stands, then what is said; raises Unheard when Redis goes away.

    Silence for a while is asked about, so a connection that died quietly is noticed.
    """
    async with redis.pubsub() as subscription:
        await subscription.subscribe(channel)
        while True:
            message = await subscription.get_message(timeout=5)
            if message is None:
                await redis.ping()
            elif message["type"] == "subscribe":
                yield None
            elif message["type"] == "message":
                yield cast("bytes", message["data"]).decode()
