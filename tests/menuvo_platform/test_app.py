import asyncio
from contextlib import suppress

import pytest

from menuvo_ops.local.redis import RedisServer
from menuvo_platform import app
from menuvo_platform.adapters.pubsub import connect, publish
from menuvo_platform.app import running, tirelessly
from menuvo_platform.ids import new_id
from menuvo_platform.web.feed import CHANNEL, Feed
from menuvo_platform.web.platform import Platform


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "AGAIN_SECONDS", 0.01)


async def test_background_work_that_fails_begins_again_until_it_ends() -> None:
    turns: list[int] = []

    async def work() -> None:
        turns.append(len(turns))
        if len(turns) < 3:
            raise RuntimeError("nobody foresaw this")

    await tirelessly(work)
    assert turns == [0, 1, 2]


async def test_background_work_ends_when_it_is_cancelled() -> None:
    async def work() -> None:
        await asyncio.Event().wait()

    async with running(tirelessly(work)) as task:
        await asyncio.sleep(0)
    assert task.cancelled()


async def test_an_instance_goes_on_listening_after_a_word_that_nobody_understands(
    platform: Platform, redis_server: RedisServer
) -> None:
    elsewhere = connect(redis_server.url())
    assert await is_heard(platform.feed, Feed(elsewhere))
    await publish(elsewhere, CHANNEL, "not the id of a store")
    assert await is_heard(platform.feed, Feed(elsewhere))
    await elsewhere.aclose()


async def is_heard(here: Feed, there: Feed) -> bool:
    """Whether a word said over there arrives here within some seconds."""
    store = new_id()
    with here.heard(store) as heard:
        for _ in range(50):
            await there.announce(store)
            with suppress(TimeoutError):
                return await asyncio.wait_for(heard.wait(), 0.1)
    return False
