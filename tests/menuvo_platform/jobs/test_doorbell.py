import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

from menuvo_ops.local.ports import free_port
from menuvo_ops.local.redis import RedisServer, running_redis
from menuvo_platform.adapters.bells import RINGS_KEPT, connect
from menuvo_platform.ids import new_id
from menuvo_platform.jobs.doorbell import LOOK_SECONDS_WITHOUT_REDIS, RING_SECONDS, Doorbell
from tests.conftest import PACKAGES
from tests.menuvo_platform.jobs.work import bell_at, eventually
from tests.menuvo_platform.silence import silent_redis


async def test_a_ring_wakes_who_waits(redis_server: RedisServer) -> None:
    queue = new_id().hex
    async with bell_at(redis_server.url()) as bell, asyncio.timeout(2):
        waiting = asyncio.create_task(bell.wait(queue))
        await bell.ring(queue)
        await waiting


async def test_a_ring_is_kept_for_who_comes_later_but_rings_do_not_pile_up(
    redis_server: RedisServer,
) -> None:
    queue = new_id().hex
    async with connect(redis_server.url()) as redis, asyncio.timeout(2):
        bell = Doorbell(redis)
        for _ in range(2 * RINGS_KEPT):
            await bell.ring(queue)
        assert await redis.llen(f"menuvo:bell:{queue}") == RINGS_KEPT
        await bell.wait(queue)


async def test_without_redis_nothing_is_raised_and_who_waits_looks_by_himself() -> None:
    async with bell_at(f"redis://127.0.0.1:{free_port()}/0") as bell:
        await bell.ring("tests")
        started = time.monotonic()
        await bell.wait("tests")
        assert time.monotonic() - started < LOOK_SECONDS_WITHOUT_REDIS + 1


async def test_redis_that_goes_away_while_somebody_waits_lets_him_look(tmp_path: Path) -> None:
    with running_redis(tmp_path, packages=PACKAGES, fast=True) as server:
        bells = AsyncExitStack()
        redis = await bells.enter_async_context(connect(server.url()))
        waiting = asyncio.create_task(Doorbell(redis).wait("tests"))

        async def blocked() -> bool:
            return (await redis.info("clients"))["blocked_clients"] == 1

        await eventually(blocked)
    async with bells, asyncio.timeout(LOOK_SECONDS_WITHOUT_REDIS + 1):
        await waiting


async def test_redis_that_does_not_answer_holds_a_request_up_for_a_second_at_most() -> None:
    async with silent_redis() as url, bell_at(url) as bell:
        started = time.monotonic()
        await bell.ring("tests")
        assert time.monotonic() - started < RING_SECONDS + 0.5
