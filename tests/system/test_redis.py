"""Every key in Redis may be lost at any moment, and so may Redis."""

import asyncio
import json
import os
import signal
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from tests.system.boards import changes, signed_in
from tests.system.clone import Stack
from tests.system.guests import guest

pytestmark = pytest.mark.core

PATIENCE_SECONDS = 20


def redis_url(root: Path) -> str:
    port = json.loads((root / ".menuvo/ports.json").read_text())["redis"]
    password = (root / ".menuvo/secrets/redis").read_text().strip()
    return f"redis://:{password}@127.0.0.1:{port}/0"


async def number_on_board(stack: Stack, ordered: asyncio.Event, opened: asyncio.Event) -> str:
    """The html of the first ticket that arrives once something was ordered."""
    async with signed_in(stack, "kitchen") as (http, board):
        async for change in changes(http, board):
            opened.set()
            for ticket in change.get("tickets", ()):
                if ordered.is_set() and ticket["state"] == "confirmed":
                    return ticket["html"]
    raise AssertionError("the stream ended before the order arrived")


@pytest.mark.parametrize("loss", ["flushed", "killed"])
async def test_an_order_reaches_an_open_board_when_redis_is(stack: Stack, loss: str) -> None:
    ordered, opened = asyncio.Event(), asyncio.Event()
    someone = guest(stack.menu_url)
    async with someone.http, asyncio.timeout(PATIENCE_SECONDS):
        board = asyncio.create_task(number_on_board(stack, ordered, opened))
        await opened.wait()
        await someone.choose()
        form = await someone.offer()
        if loss == "flushed":
            async with Redis.from_url(redis_url(stack.root)) as redis:
                await redis.flushall()
        else:
            pid = await asyncio.to_thread(lambda: stack.service("redis")["pid"])
            os.kill(pid, signal.SIGKILL)
        ordered.set()
        await someone.place(form)
        assert "Petra Probe" in await board
    async with httpx.AsyncClient(base_url=stack.base_url) as http:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await http.get("/health")).status_code != 200:
                await asyncio.sleep(0.1)
