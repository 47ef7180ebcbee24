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


async def reaches_board(stack: Stack, name: str, opened: asyncio.Event) -> None:
    """Returns when the order of a guest of that name is on it. What others have ordered before
    comes first, in as many parts as it takes."""
    async with signed_in(stack, "kitchen") as (http, board):
        async for change in changes(http, board):
            opened.set()
            if any(name in ticket["html"] for ticket in change.get("tickets", ())):
                return
    raise AssertionError("the stream ended before the order arrived")


@pytest.mark.parametrize("loss", ["flushed", "killed"])
async def test_an_order_reaches_an_open_board_when_redis_is(stack: Stack, loss: str) -> None:
    name, opened = f"Rita of the {loss} Redis", asyncio.Event()
    someone = guest(stack.menu_url)
    async with someone.http, asyncio.timeout(PATIENCE_SECONDS):
        board = asyncio.create_task(reaches_board(stack, name, opened))
        await opened.wait()
        await someone.choose()
        form = await someone.offer()
        if loss == "flushed":
            async with Redis.from_url(redis_url(stack.root)) as redis:
                await redis.flushall()
        else:
            pid = await asyncio.to_thread(lambda: stack.service("redis")["pid"])
            os.kill(pid, signal.SIGKILL)
        await someone.place(form | {"guest_name": name})
        await board
    async with httpx.AsyncClient(base_url=stack.base_url) as http:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await http.get("/health")).status_code != 200:
                await asyncio.sleep(0.1)
