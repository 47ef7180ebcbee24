"""A kitchen board that stays open through a deploy, as EventSource keeps it open."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from tests.system.boards import listen
from tests.system.rollout.answers import Answer

# What browsers wait before they connect again when nothing was said about it.
_RETRY_SECONDS = 3.0


@dataclass
class Follower:
    """Each connection is one answer, and a failure unless it ended as the platform ends it: after
    having said when to come back."""

    http: httpx.AsyncClient
    board: str
    tell: Callable[[Answer], None]
    tickets: set[str] = field(default_factory=set[str])
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    last_id: str = ""

    async def follow(self) -> None:
        while True:
            await asyncio.sleep(await self._connect())

    async def _connect(self) -> float:
        """Seconds until the next one."""
        began, clock = time.time(), time.monotonic()
        status, pause, problem = 0, None, ""
        try:
            async for event in listen(self.http, self.board, last_id=self.last_id):
                status = 200
                self.opened.set()
                self.last_id = event.id or self.last_id
                if event.name == "change":
                    changed = json.loads(event.data)["tickets"]
                    self.tickets.update(ticket["id"] for ticket in changed)
                if event.retry:
                    pause = int(event.retry) / 1000
            if pause is None:
                problem = "the stream ended without a word"
        except httpx.HTTPStatusError as refusal:
            status = refusal.response.status_code
            problem = f"answered {status}"
        except httpx.HTTPError as error:
            problem = f"{'cut' if status else 'not opened'}: {type(error).__name__} {error}".strip()
        seconds = time.monotonic() - clock
        self.tell(Answer("board", began, seconds, status, problem=problem))
        return _RETRY_SECONDS if pause is None else pause
