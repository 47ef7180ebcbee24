"""The menu page of 100 items: its weight, its cost, and how soon it shows a change."""

import asyncio
import re
import socket
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from sqlalchemy import text

from menuvo_ops.local.postgres import running_postgres
from menuvo_ops.local.redis import running_redis
from menuvo_platform.adapters.compression import encodings
from menuvo_platform.db.engine import create_engine
from menuvo_platform.db.migrate import migrate
from menuvo_platform.demo.seed import seed
from menuvo_platform.settings import Redacted, Settings, read_settings
from tests.bench.harness import Measurement, percentile
from tests.bench.measuring.startup import cpu_seconds
from tests.conftest import PACKAGES
from tests.instances import Instance, running_instance

MENU = "/gasthaus-lindenhof"
ITEMS = 100
ROUNDS, REQUESTS = 7, 3_000
CHANGES = 20
APP_PASSWORD = "bench"

# The demo with copies of its first dishes, and all pictures as if the worker had made them.
A_HUNDRED_ITEMS = """
INSERT INTO menu_items (id, merchant_id, store_id, category_id, handle, name, description,
    price_cents, tax_category, allergen_state, allergens, additives, diets, image_id, position)
SELECT gen_random_uuid(), merchant_id, store_id, category_id, handle || 'x', name, description,
    price_cents, tax_category, allergen_state, allergens, additives, diets, image_id, position + 50
FROM menu_items ORDER BY id LIMIT :missing
"""
PICTURES_READY = """
UPDATE images SET state = 'ready', width = 800, height = 600, widths = '{320,800}',
    colour = '#ead9c4'
"""
NEW_PRICE = "UPDATE menu_items SET price_cents = :cents WHERE handle = :handle"
SOLD_OUT = "UPDATE menu_items SET sold_out_since = now() WHERE handle = :handle"
FIRST_ITEM = "SELECT handle FROM menu_items WHERE sold_out_since IS NULL ORDER BY id LIMIT 1"


def measure() -> list[Measurement]:
    with _two_instances() as (owner_url, one, other):
        return [
            _weight(one),
            _requests_per_cpu_second(one),
            *asyncio.run(_seconds_until_seen(owner_url, [one.url, other.url])),
        ]


@contextmanager
def _two_instances() -> Generator[tuple[str, Instance, Instance]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("postgres", "redis", "a", "b", "storage"):
            (folder / part).mkdir()
        with (
            running_postgres(folder / "postgres", packages=PACKAGES) as postgres,
            running_redis(folder / "redis", packages=PACKAGES) as redis,
        ):
            settings = read_settings(
                {
                    "DATABASE_URL": postgres.url("menuvo_app", password=APP_PASSWORD),
                    "REDIS_URL": redis.url(),
                    "AUTH_SECRET": "the secret of a benchmark, 32 and more",
                    "PUBLIC_URL": "http://localhost",
                    "STORAGE_DIR": str(folder / "storage"),
                    "DRAIN_SECONDS": "0",
                }
            )
            asyncio.run(_fill(postgres.url(), settings))
            with (
                running_instance(settings, folder / "a") as one,
                running_instance(settings, folder / "b") as other,
            ):
                yield postgres.url(), one, other


async def _fill(owner_url: str, settings: Settings) -> None:
    await migrate(owner_url, APP_PASSWORD, lambda _: None)
    await seed(replace(settings, database_url=Redacted(owner_url)))
    engine = create_engine(owner_url)
    async with engine.begin() as connection:
        count = await connection.execute(text("SELECT count(*) FROM menu_items"))
        missing = ITEMS - count.scalar_one()
        await connection.execute(text(A_HUNDRED_ITEMS), {"missing": missing})
        await connection.execute(text(PICTURES_READY))
    await engine.dispose()


def _weight(instance: Instance) -> Measurement:
    """HTML, CSS and script as gzip sends them; browsers that know brotli or zstd get less."""
    page = httpx.get(instance.url + MENU).text
    assert page.count('<li class="item') == ITEMS
    linked = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page))
    parts = [page.encode(), *(httpx.get(instance.url + path).content for path in linked)]
    size = sum(len(encodings(part)[b"gzip"]) for part in parts)
    return Measurement("menu of 100 items: HTML, CSS, script", size / 1000, "KB", "lower", 60)


def _requests_per_cpu_second(instance: Instance) -> Measurement:
    """Whole requests over one kept connection, against the processor time of the instance; the
    median of several rounds, because the machine is never alone."""
    url = httpx.URL(instance.url)
    request = (
        f"GET {MENU} HTTP/1.1\r\nHost: {url.host}:{url.port}\r\nAccept-Encoding: br\r\n\r\n"
    ).encode()
    with socket.create_connection((url.host, url.port or 80)) as connection:
        _ask(connection, request, 500)
        rates: list[float] = []
        for _ in range(ROUNDS):
            before = cpu_seconds(instance.process.pid)
            _ask(connection, request, REQUESTS)
            rates.append(REQUESTS / (cpu_seconds(instance.process.pid) - before))
    rate = percentile(rates, 0.5)
    return Measurement("menu page from one instance", rate, "requests/CPU-s", "higher", 5000)


def _ask(connection: socket.socket, request: bytes, times: int) -> None:
    with connection.makefile("rb") as answers:
        for _ in range(times):
            connection.sendall(request)
            assert b" 200 " in answers.readline()
            length = 0
            while (line := answers.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            assert len(answers.read(length)) == length > 1000


async def _seconds_until_seen(owner_url: str, urls: list[str]) -> list[Measurement]:
    """From the commit of a change to the first page that shows it, on the slower instance. The
    change is made behind the platform's back: nobody rings, only the revision can tell."""
    engine = create_engine(owner_url)
    async with httpx.AsyncClient() as client:
        async with engine.begin() as connection:
            handle = (await connection.execute(text(FIRST_ITEM))).scalar_one()

        async def seconds_after(change: str, **values: int) -> float:
            before = (await client.get(urls[0] + MENU)).content
            async with engine.begin() as connection:
                await connection.execute(text(change), {"handle": handle, **values})
            committed = time.monotonic()
            for url in urls:
                while (await client.get(url + MENU)).content == before:
                    await asyncio.sleep(0.005)
            return time.monotonic() - committed

        prices = [await seconds_after(NEW_PRICE, cents=1000 + n) for n in range(CHANGES)]
        sold_out = await seconds_after(SOLD_OUT)
    await engine.dispose()
    return [
        Measurement("a changed price, on both instances", max(prices), "s", "lower", 1),
        Measurement("of these, the median", percentile(prices, 0.5), "s", "lower"),
        Measurement("sold out, on both instances", sold_out, "s", "lower", 1),
    ]
