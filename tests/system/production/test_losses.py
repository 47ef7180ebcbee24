"""Whatever is killed comes back by itself, and nothing that was acknowledged is lost."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from tests.system.guests import Guest
from tests.system.production.reading import reads
from tests.system.production.stack import PERMANENT, Production

pytestmark = pytest.mark.core

SECONDS = 90
# What the edge says of the whole once each of these is back.
QUESTIONS = {"platform-a": "/ready", "postgres": "/health", "redis": "/health"}


@pytest.mark.parametrize("name", sorted(PERMANENT))
def test_a_service_that_is_killed_comes_back_and_the_platform_with_it(
    production: Production, name: str
) -> None:
    before = production.project.inspect(name)
    os.kill(production.project.pid(name), signal.SIGKILL)

    def is_back() -> bool:
        now = production.project.inspect(name)
        state = now["State"]
        health = state.get("Health", {}).get("Status", "healthy")
        return (
            now["RestartCount"] > before["RestartCount"]
            and (state["Status"], health) == ("running", "healthy")
            and production.answers(QUESTIONS.get(name, "/health"))
        )

    production.until(is_back, SECONDS)


async def test_a_restart_of_postgres_loses_no_acknowledged_order(production: Production) -> None:
    async with ordering(production, guests=3) as guests:
        await until_orders(guests, 4)
        await asyncio.to_thread(production.compose, "restart", "postgres")
        await until_orders(guests, 4)
    acknowledged = {url.rpartition("/")[2] for one in guests for url in one.orders}
    rows = production.sql("SELECT tracking_token FROM orders").split()
    assert len(rows) == len(set(rows))
    assert acknowledged <= set(rows)


async def test_postgres_killed_under_orders_loses_no_acknowledged_order(
    production: Production,
) -> None:
    async with ordering(production, guests=3) as guests:
        await until_orders(guests, 4)
        os.kill(await asyncio.to_thread(production.project.pid, "postgres"), signal.SIGKILL)
        await until_orders(guests, 4)
    acknowledged = {url.rpartition("/")[2] for one in guests for url in one.orders}
    assert acknowledged <= set(production.sql("SELECT tracking_token FROM orders").split())


def test_redis_wiped_and_killed_loses_no_job(production: Production) -> None:
    """The demo's pictures once more, while the queue forgets them and their worker is killed."""
    pictures = production.sql("SELECT count(*) FROM images")
    assert int(pictures) > 80

    def all_made() -> bool:
        made = production.sql("SELECT count(*) FROM images WHERE state = 'ready'")
        open_jobs = production.sql("SELECT count(*) FROM jobs WHERE state <> 'done'")
        return (made, open_jobs) == (pictures, "0")

    production.until(all_made, 120)
    production.sql("UPDATE images SET state = 'processing', widths = '{}'")
    production.sql(
        "UPDATE jobs SET state = 'queued', attempts = 0, not_before = now(), finished_at = NULL"
        " WHERE kind = 'images.render'"
    )
    os.kill(production.project.pid("worker-images"), signal.SIGKILL)
    flush = 'REDISCLI_AUTH="$(cat /run/secrets/redis_password)" redis-cli flushall'
    production.project.execute("redis", "sh", "-c", flush)
    os.kill(production.project.pid("redis"), signal.SIGKILL)

    production.until(all_made, 240)


def test_an_instance_killed_costs_no_failed_read(production: Production) -> None:
    statuses = asyncio.run(reads(production, count=500, per_second=50, killing="platform-a"))
    assert set(statuses) == {200}
    production.until(lambda: production.project.services()["platform-a"].is_well, SECONDS)


@asynccontextmanager
async def ordering(production: Production, *, guests: int) -> AsyncGenerator[list[Guest]]:
    """Guests who order one after the other and press the button again when nothing comes."""
    leaving = asyncio.Event()
    menu = production.base_url + production.demo["menu_path"]
    everybody = [Guest(production.async_client(), menu) for _ in range(guests)]

    async def dine(someone: Guest) -> None:
        async with someone.http:
            while not leaving.is_set():
                await someone.order_patiently(SECONDS)

    async with asyncio.TaskGroup() as tasks:
        for someone in everybody:
            tasks.create_task(dine(someone))
        yield everybody
        leaving.set()


async def until_orders(guests: list[Guest], more: int) -> None:
    wanted = sum(len(one.orders) for one in guests) + more
    async with asyncio.timeout(SECONDS):
        while sum(len(one.orders) for one in guests) < wanted:
            await asyncio.sleep(0.05)
