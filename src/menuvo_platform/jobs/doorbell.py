"""Tells a waiting worker that there is work. The work itself stands in the ledger.

A ring may be lost with all of Redis: whoever waits looks into the ledger every few seconds anyway,
so nothing here ever raises.
"""

import asyncio
from contextlib import suppress

import structlog
from redis.asyncio import Redis

from menuvo_platform.adapters.bells import Unheard, hear, ring

RING_SECONDS = 1.0
LOOK_SECONDS = 5.0
LOOK_SECONDS_WITHOUT_REDIS = 2.0

log = structlog.stdlib.get_logger(__name__)


class Doorbell:
    def __init__(self, redis: Redis) -> None:
        """Whoever waits needs a client of `adapters.bells.connect`, which is patient enough."""
        self._redis: Redis = redis
        self._heard: bool = True

    async def ring(self, queue: str) -> None:
        """Takes a second at most: a request waits for it."""
        with suppress(*Unheard):
            async with asyncio.timeout(RING_SECONDS):
                await ring(self._redis, _key(queue))

    async def wait(self, queue: str) -> None:
        """Returns when somebody rang, or when it is time to look."""
        try:
            await hear(self._redis, _key(queue), LOOK_SECONDS)
            self._heard = True
        except Unheard:
            if self._heard:
                log.warning("redis_lost", queue=queue)
            self._heard = False
            await asyncio.sleep(LOOK_SECONDS_WITHOUT_REDIS)


def _key(queue: str) -> str:
    return f"menuvo:bell:{queue}"
