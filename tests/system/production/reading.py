"""Guests who read the menu at a steady rate, whatever happens meanwhile."""

import asyncio
import os
import signal

import httpx

from tests.system.production.stack import Production


async def reads(production: Production, *, count: int, per_second: int, killing: str) -> list[int]:
    """The statuses of menu pages; 0 where no answer came.

    A quarter of the way the first process of the service `killing` is killed with -9.
    """
    statuses: list[int] = []
    menu = production.base_url + production.demo["menu_path"]
    began = asyncio.get_running_loop().time()

    async def read_one(http: httpx.AsyncClient) -> None:
        try:
            statuses.append((await http.get(menu)).status_code)
        except httpx.HTTPError:
            statuses.append(0)

    async with production.async_client() as http, asyncio.TaskGroup() as group:
        for number in range(count):
            due = began + number / per_second
            await asyncio.sleep(max(0, due - asyncio.get_running_loop().time()))
            group.create_task(read_one(http))
            if number == count // 4:
                pid = await asyncio.to_thread(production.project.pid, killing)
                os.kill(pid, signal.SIGKILL)
    return statuses
