import asyncio
from dataclasses import replace

import httpx
from sqlalchemy.ext.asyncio import create_async_engine

from menuvo_ops.local.ports import free_port
from menuvo_platform.settings import Redacted, Settings
from menuvo_platform.web.schema_watch import SchemaWatch
from tests.menuvo_platform.conftest import browser, running_application


async def test_live_says_the_time_and_the_release(client: httpx.AsyncClient) -> None:
    answer = await client.get("/live")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["timestamp"].endswith("+00:00")
    assert answer.headers["x-menuvo-release"] == "test-release"
    assert answer.headers["cache-control"] == "no-store"


async def test_health_names_each_part(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "db": "ok", "redis": "ok"})
    assert answer.headers["cache-control"] == "no-store"


async def test_ready_once_the_schema_is_known(settings: Settings) -> None:
    async with (
        running_application(settings) as (platform, application),
        browser(application) as client,
    ):
        await platform.schema.watch()
        answer = await client.get("/ready")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert answer.headers["cache-control"] == "no-store"


async def test_without_redis_health_says_so_and_ready_does_not_care(settings: Settings) -> None:
    lost = replace(settings, redis_url=Redacted(f"redis://127.0.0.1:{free_port()}/0"))
    async with running_application(lost) as (platform, application), browser(application) as client:
        await platform.schema.watch()
        answer = await client.get("/health")
        assert answer.status_code == 503
        assert answer.json() == {"status": "error", "db": "ok", "redis": "error"}
        assert (await client.get("/ready")).status_code == 200


async def test_without_a_database_health_says_so_live_goes_on_and_ready_waits(
    settings: Settings,
) -> None:
    lost = replace(settings, database_url=Redacted(f"postgresql://a:b@127.0.0.1:{free_port()}/c"))
    async with running_application(lost) as (_, application), browser(application) as client:
        answer = await client.get("/health")
        assert (answer.status_code, answer.json()["db"]) == (503, "error")
        assert (await client.get("/live")).status_code == 200
        assert (await client.get("/ready")).status_code == 503


async def test_a_draining_instance_is_alive_and_not_ready(settings: Settings) -> None:
    async with (
        running_application(settings) as (platform, application),
        browser(application) as client,
    ):
        await platform.schema.watch()
        platform.drain.begin()
        assert (await client.get("/ready")).status_code == 503
        answer = await client.get("/live")
        assert answer.status_code == 200
        assert answer.headers["connection"] == "close"


async def test_a_database_that_was_never_migrated_does_not_fit(settings: Settings) -> None:
    url = settings.database_url.replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(url.rpartition("/")[0] + "/postgres")
    watch = SchemaWatch(engine)
    task = asyncio.create_task(watch.watch())
    _, waiting = await asyncio.wait({task}, timeout=0.3)
    assert waiting == {task}
    assert not watch.fits
    task.cancel()
    await engine.dispose()
