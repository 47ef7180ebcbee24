"""From the button "order with obligation to pay" to the ticket on the board."""

import asyncio
import time

from tests.bench.harness import Measurement, percentile
from tests.system.boards import changes, signed_in
from tests.system.clone import Stack
from tests.system.guests import Guest, guest

ORDERS = 100
PAUSE_SECONDS = 0.05
PATIENCE_SECONDS = 10


def measure(stack: Stack) -> list[Measurement]:
    milliseconds = [seconds * 1000 for seconds in asyncio.run(_seconds_to_board(stack))]
    return [
        Measurement("order to board, 95 %", percentile(milliseconds, 0.95), "ms", "lower", 500),
        Measurement("of these, the median", percentile(milliseconds, 0.5), "ms", "lower"),
    ]


async def _seconds_to_board(stack: Stack) -> list[float]:
    """Through the proxy, from before the form is sent until the stream has told of it. The clock
    starts before the answer, so what the guest waits for is counted too."""
    arrived: asyncio.Queue[float] = asyncio.Queue()
    opened = asyncio.Event()

    async def listen() -> None:
        async with signed_in(stack, "kitchen") as (http, board):
            async for change in changes(http, board):
                if not change:
                    opened.set()
                for ticket in change.get("tickets", ()):
                    if ticket["state"] == "confirmed":
                        arrived.put_nowait(time.monotonic())

    listening = asyncio.create_task(listen())
    await asyncio.wait_for(opened.wait(), PATIENCE_SECONDS)
    took: list[float] = []
    someone = guest(stack.menu_url)
    async with someone.http:
        for _ in range(ORDERS):
            took.append(await _one(someone, arrived))
            await asyncio.sleep(PAUSE_SECONDS)
    listening.cancel()
    await asyncio.wait([listening])
    return took


async def _one(someone: Guest, arrived: asyncio.Queue[float]) -> float:
    await someone.choose()
    form = await someone.offer()
    while not arrived.empty():
        arrived.get_nowait()
    sent = time.monotonic()
    await someone.place(form)
    return await asyncio.wait_for(arrived.get(), PATIENCE_SECONDS) - sent
