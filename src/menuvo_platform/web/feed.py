"""Which stores changed: Redis says it at once, PostgreSQL knows it anyway.

A message carries nothing but the id of a store, so a lost one costs a moment and never an event:
whoever waits looks into the database by itself every few seconds, sooner while Redis is gone.
"""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Generator
from contextlib import aclosing, contextmanager, suppress

import structlog
from redis.asyncio import Redis

from menuvo_platform.adapters.pubsub import Unheard, messages, publish

CHANNEL = "menuvo:stores"
ANNOUNCE_SECONDS = 1.0
LOOK_SECONDS = 10.0
LOOK_SECONDS_WITHOUT_REDIS = 2.0
RECONNECT_SECONDS = 1.0

log = structlog.stdlib.get_logger(__name__)


class Feed:
    def __init__(self, redis: Redis) -> None:
        self._redis: Redis = redis
        self._waiting: defaultdict[uuid.UUID | None, set[asyncio.Event]] = defaultdict(set)
        self._connected: bool = False

    async def announce(self, store_id: uuid.UUID) -> None:
        """Wakes whoever waits for the store, on all instances. Redis being away is not an error.

        Takes a second at most: a request waits for it.
        """
        self._wake(store_id)
        with suppress(*Unheard):
            async with asyncio.timeout(ANNOUNCE_SECONDS):
                await publish(self._redis, CHANNEL, str(store_id))

    async def changed(self, store_id: uuid.UUID | None, at_most: float | None = None) -> None:
        """Returns when the store (None: any store) may have changed, or when it is time to look."""
        with self.heard(store_id) as event:
            await self.wait(event, at_most)

    @contextmanager
    def heard(self, store_id: uuid.UUID | None) -> Generator[asyncio.Event]:
        """Set whenever the store may have changed. Who reads between two waits holds on to one, or
        what is said while it reads would be missed."""
        event = asyncio.Event()
        self._waiting[store_id].add(event)
        try:
            yield event
        finally:
            self._waiting[store_id].discard(event)
            if not self._waiting[store_id]:
                del self._waiting[store_id]

    async def wait(self, event: asyncio.Event, at_most: float | None = None) -> None:
        patience = LOOK_SECONDS if self._connected else LOOK_SECONDS_WITHOUT_REDIS
        with suppress(TimeoutError):
            async with asyncio.timeout(min(patience, at_most or patience)):
                await event.wait()
        event.clear()

    async def listen(self) -> None:
        """Runs as long as the instance does."""
        while True:
            try:
                await self._listen_once()
            except Unheard:
                if self._connected:
                    log.warning("redis_lost")
                self._connected = False
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_once(self) -> None:
        # Closed here and now: what is left to the garbage collector is closed at any moment.
        async with aclosing(messages(self._redis, CHANNEL)) as said:
            async for message in said:
                if message is None:
                    self._connected = True
                    self._wake_all()  # what was said in between was missed
                else:
                    self._wake(uuid.UUID(message))

    def _wake(self, store_id: uuid.UUID) -> None:
        for event in (*self._waiting.get(store_id, ()), *self._waiting.get(None, ())):
            event.set()

    def _wake_all(self) -> None:
        for events in self._waiting.values():
            for event in events:
                event.set()
