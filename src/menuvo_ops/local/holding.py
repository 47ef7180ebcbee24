"""While the database is replaced, whatever speaks to it is held - but never longer than somebody
lives who replaces it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from menuvo_ops import flock
from menuvo_ops.errors import OpsError
from menuvo_ops.local.supervisor import Supervisor

WHY = "while the database is replaced"
_PAUSE = 0.2


class Holding:
    """Who asks for it holds `lock`, and so does every program they have started: when it is free
    they are gone, however they went, and everything runs again."""

    def __init__(
        self, supervisor: Supervisor, lock: Path, *, before_return: Callable[[], None]
    ) -> None:
        """`before_return` makes what stayed up forget the other database."""
        self._supervisor: Supervisor = supervisor
        self._lock: Path = lock
        self._before_return: Callable[[], None] = before_return
        self._turn: asyncio.Lock = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        async with self._turn:
            await self._supervisor.hold(WHY)
            if self._watch is None or self._watch.done():
                self._watch = asyncio.create_task(self._until_nobody_needs_it())

    async def end(self) -> None:
        """Raises ServiceFailed when not everything is well in time."""
        if self._watch is not None:
            self._watch.cancel()
        await self._return()

    async def _until_nobody_needs_it(self) -> None:
        while self._is_needed():  # noqa: ASYNC110, the kernel tells nobody that a lock is free
            await asyncio.sleep(_PAUSE)
        # Nobody is left to be told: the status shows what is not well.
        with suppress(OpsError):
            await self._return()

    def _is_needed(self) -> bool:
        if not self._lock.exists():
            return False
        with self._lock.open() as lock:
            return not flock.is_free(lock)

    async def _return(self) -> None:
        async with self._turn:
            try:
                await asyncio.to_thread(self._before_return)
            finally:
                await self._supervisor.let_go()
