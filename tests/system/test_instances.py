"""Instances are killed and stopped while guests order."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from tests.system.clone import Stack
from tests.system.guests import Guest, guest

pytestmark = pytest.mark.core

INSTANCES = ("platform-a", "platform-b")
GUESTS = 4
PATIENCE_SECONDS = 60


async def orders_in_database(stack: Stack) -> list[str]:
    """The tracking tokens of all orders."""
    connection = await asyncpg.connect(stack.database_url)
    try:
        found = await connection.fetch("SELECT tracking_token FROM orders")
    finally:
        await connection.close()
    return [row["tracking_token"] for row in found]


@asynccontextmanager
async def ordering(
    stack: Stack, order: Callable[[Guest], Awaitable[Any]]
) -> AsyncGenerator[list[Guest]]:
    """Guests who order one after the other as long as the block runs; each finishes its last."""
    leaving = asyncio.Event()

    async def dine(someone: Guest) -> None:
        async with someone.http:
            while not leaving.is_set():
                await order(someone)

    guests = [guest(stack.menu_url, address=f"127.0.1.{seat}") for seat in range(1, GUESTS + 1)]
    async with asyncio.TaskGroup() as tasks:
        for someone in guests:
            tasks.create_task(dine(someone))
        yield guests
        leaving.set()


async def order_as_people_do(someone: Guest) -> None:
    await someone.order_patiently(PATIENCE_SECONDS)


async def until_orders(guests: list[Guest], more: int) -> None:
    wanted = sum(len(one.orders) for one in guests) + more
    async with asyncio.timeout(PATIENCE_SECONDS):
        while sum(len(one.orders) for one in guests) < wanted:
            await asyncio.sleep(0.05)


async def until_back(stack: Stack, name: str, *, instead_of: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            service = await asyncio.to_thread(stack.service, name)
            if service["state"] == "healthy" and service["pid"] != instead_of:
                return
            await asyncio.sleep(0.2)


async def test_an_instance_killed_while_guests_order_loses_and_doubles_nothing(
    stack: Stack,
) -> None:
    before = await orders_in_database(stack)
    async with ordering(stack, order_as_people_do) as guests:
        for name in INSTANCES:
            await until_orders(guests, 5)
            pid = stack.service(name)["pid"]
            os.kill(pid, signal.SIGKILL)
            await until_orders(guests, 5)
            await until_back(stack, name, instead_of=pid)
    acknowledged = [url.rpartition("/")[2] for one in guests for url in one.orders]
    made = set(await orders_in_database(stack)) - set(before)
    assert sorted(acknowledged) == sorted(made)
    assert len(acknowledged) >= 20
    async with httpx.AsyncClient() as http:
        for someone in guests:
            assert (await http.get(someone.orders[-1])).status_code == 200


async def test_an_instance_stopped_under_load_fails_no_request(stack: Stack) -> None:
    answers: dict[int, int] = {}

    async def read_menu(http: httpx.AsyncClient, stop: asyncio.Event) -> None:
        while not stop.is_set():
            answer = await http.get(stack.menu_url)
            answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
            await asyncio.sleep(0.02)

    stop = asyncio.Event()
    async with httpx.AsyncClient(timeout=20) as http, asyncio.TaskGroup() as tasks:
        readers = [tasks.create_task(read_menu(http, stop)) for _ in range(3)]
        # An order that fails once raises here: nobody presses the button again.
        async with ordering(stack, Guest.order) as guests:
            await until_orders(guests, 3)
            for name in INSTANCES:
                await asyncio.to_thread(stack.menuvo, "restart", name)
            await until_orders(guests, 3)
        stop.set()
    assert all(reader.done() for reader in readers)
    assert answers.keys() == {200}
    assert answers[200] > 100
    assert sum(len(one.orders) for one in guests) >= 10
    assert {url.rpartition("/")[2] for one in guests for url in one.orders} <= set(
        await orders_in_database(stack)
    )
