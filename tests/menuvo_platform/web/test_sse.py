import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec
import pytest

from menuvo_platform.errors import LoginNeeded
from menuvo_platform.settings import Settings
from menuvo_platform.web.platform import Platform
from menuvo_platform.web.sse import PING, RETRY_MILLISECONDS, Change, stream_events
from tests.menuvo_platform.conftest import running_application


class Counted(Change, frozen=True):
    words: str = "one\ntwo"


class Ledger:
    """A store whose changes are counted; what a real page reads from PostgreSQL."""

    def __init__(self) -> None:
        self.revision: int = 0
        self.reads: int = 0

    async def read(self, after: int) -> Counted | None:
        self.reads += 1
        return Counted(revision=self.revision) if self.revision > after else None


async def next_of(stream: AsyncGenerator[bytes], seconds: float = 5) -> bytes:
    async with asyncio.timeout(seconds):
        return await anext(stream)


async def test_a_stream_says_at_once_that_it_is_there(platform: Platform) -> None:
    async with aclosing(stream_events(platform, uuid.uuid4(), Ledger().read, 0)) as stream:
        assert await next_of(stream) == b"event: ping\ndata:\n\n"


async def test_a_reader_gets_what_happened_before_and_then_each_change(platform: Platform) -> None:
    store, ledger = uuid.uuid4(), Ledger()
    ledger.revision = 3
    async with aclosing(stream_events(platform, store, ledger.read, 2)) as stream:
        await next_of(stream)
        first = await next_of(stream)
        assert first.startswith(b"event: change\nid: 3\ndata: {")
        waiting = asyncio.create_task(next_of(stream))
        ledger.revision = 4
        await platform.feed.announce(store)
        event = (await waiting).decode()
        assert event.endswith("\n\n")
        assert event.count("\n") == 4
        data = event.splitlines()[2].removeprefix("data: ")
        assert msgspec.json.decode(data) == {"revision": 4, "words": "one\ntwo"}


async def test_what_is_announced_while_it_reads_is_not_missed(platform: Platform) -> None:
    store, ledger = uuid.uuid4(), Ledger()

    async def read_while_it_changes(after: int) -> Counted | None:
        answer = await ledger.read(after)
        if ledger.reads == 1:
            ledger.revision = 7
            await platform.feed.announce(store)
        return answer

    async with aclosing(stream_events(platform, store, read_while_it_changes, 0)) as stream:
        await next_of(stream)
        assert b"id: 7" in await next_of(stream, seconds=1)


async def test_it_pings_and_ends_by_itself_with_a_retry(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("menuvo_platform.web.sse.PING_SECONDS", 0.02)
    monkeypatch.setattr("menuvo_platform.web.sse.LONGEST_SECONDS", 0.2)
    stream = stream_events(platform, uuid.uuid4(), Ledger().read, 0)
    *pings, last = [part async for part in stream]
    assert len(pings) >= 3
    assert set(pings) == {PING}
    assert RETRY_MILLISECONDS[0] <= int(last.split()[1]) <= RETRY_MILLISECONDS[1]


async def test_a_login_that_was_revoked_ends_its_stream(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse() -> None:
        raise LoginNeeded

    monkeypatch.setattr("menuvo_platform.web.sse.RECHECK_SECONDS", 0.0)
    stream = stream_events(platform, uuid.uuid4(), Ledger().read, 0, recheck=refuse)
    parts = [part async for part in stream]
    assert len(parts) == 2
    assert parts[1].startswith(b"retry: ")


async def test_a_quiet_stream_asks_again_as_soon_as_it_is_time(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse() -> None:
        raise LoginNeeded

    monkeypatch.setattr("menuvo_platform.web.sse.RECHECK_SECONDS", 0.2)
    stream = stream_events(platform, uuid.uuid4(), Ledger().read, 0, recheck=refuse)
    async with asyncio.timeout(1.5):
        assert len([part async for part in stream]) == 2


async def test_a_draining_instance_ends_its_streams_at_once(settings: Settings) -> None:
    async with running_application(settings) as (platform, _):
        stream = stream_events(platform, uuid.uuid4(), Ledger().read, 0)
        await next_of(stream)
        waiting = asyncio.create_task(next_of(stream, seconds=1))
        await asyncio.sleep(0)
        platform.drain.begin()
        assert (await waiting).startswith(b"retry: ")
        with pytest.raises(StopAsyncIteration):
            await anext(stream)


async def test_a_reader_who_leaves_is_forgotten(settings: Settings) -> None:
    async with running_application(settings) as (platform, _):
        store = uuid.uuid4()
        stream = stream_events(platform, store, Ledger().read, 0)
        await next_of(stream)
        waiting = asyncio.create_task(next_of(stream))
        while store not in platform.feed._waiting:
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert store not in platform.feed._waiting
