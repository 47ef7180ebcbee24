import asyncio
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from menuvo_ops.local.ports import free_port
from menuvo_ops.local.redis import RedisServer
from menuvo_platform.adapters.pubsub import connect
from menuvo_platform.app import running
from menuvo_platform.web.feed import ANNOUNCE_SECONDS, LOOK_SECONDS_WITHOUT_REDIS, Feed
from tests.menuvo_platform.silence import silent_redis


@asynccontextmanager
async def feed_of(url: str) -> AsyncGenerator[Feed]:
    redis = connect(url)
    yield Feed(redis)
    await redis.aclose()


async def hears(here: Feed, there: Feed, store: uuid.UUID) -> None:
    """Ends when a word said over there arrives here; fails when none does."""
    async with asyncio.timeout(10):
        while True:
            waiting = asyncio.create_task(here.changed(store, at_most=0.5))
            await asyncio.sleep(0)
            started = time.monotonic()
            await there.announce(store)
            await waiting
            if time.monotonic() - started < 0.4:
                return


async def test_one_instance_hears_what_another_says(redis_server: RedisServer) -> None:
    url = redis_server.url()
    async with feed_of(url) as here, feed_of(url) as there, running(here.listen()):
        await hears(here, there, uuid.uuid4())


async def test_other_stores_do_not_wake_it_and_any_store_wakes_the_one_that_watches_all(
    redis_server: RedisServer,
) -> None:
    async with (
        feed_of(redis_server.url()) as feed,
        running(feed.changed(uuid.uuid4(), at_most=5)) as ours,
        running(feed.changed(None, at_most=5)) as any_store,
    ):
        await asyncio.sleep(0)
        await feed.announce(uuid.uuid4())
        done, _ = await asyncio.wait({ours, any_store}, timeout=0.5)
        assert done == {any_store}


async def test_without_redis_it_looks_by_itself_and_announcing_is_no_error() -> None:
    async with feed_of(f"redis://127.0.0.1:{free_port()}/0") as feed:
        await feed.announce(uuid.uuid4())
        started = time.monotonic()
        await feed.changed(uuid.uuid4())
        assert time.monotonic() - started < LOOK_SECONDS_WITHOUT_REDIS + 1


async def test_redis_that_does_not_answer_holds_an_acknowledgement_up_for_a_second_at_most() -> (
    None
):
    store = uuid.uuid4()
    async with silent_redis() as url, feed_of(url) as feed:
        with feed.heard(store) as event:
            started = time.monotonic()
            await feed.announce(store)
            assert time.monotonic() - started < ANNOUNCE_SECONDS + 0.5
            assert event.is_set()


async def test_whoever_waited_is_forgotten(redis_server: RedisServer) -> None:
    async with feed_of(redis_server.url()) as feed:
        await feed.changed(uuid.uuid4(), at_most=0.01)
        assert not feed._waiting


async def test_a_lost_connection_is_made_again(redis_server: RedisServer) -> None:
    url, store = redis_server.url(), uuid.uuid4()
    async with feed_of(url) as here, feed_of(url) as there, running(here.listen()):
        await hears(here, there, store)
        operator = connect(url)
        await operator.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await operator.aclose()
        await hears(here, there, store)
