"""The probe of a deploy: it sees what a guest's request would meet, and leaves no trace of it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import text

from menuvo_ops.local.ports import free_port
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.settings import Redacted, Settings
from menuvo_platform.web.platform import Platform
from tests.menuvo_platform.conftest import browser, running_application
from tests.menuvo_platform.rows import add_store

TOKEN = Redacted("a-token-of-the-tests-of-32-characters")
PROOF = {"x-menuvo-probe": TOKEN}
PROBE = "/internal/probe"

# What a write could change: rows, also dead ones and those of others, counters, and what is shown.
TRACES = """
SELECT (SELECT count(*) FROM carts), (SELECT count(*) FROM orders),
    (SELECT count(*) FROM quotes), (SELECT count(*) FROM order_events),
    (SELECT count(*) FROM jobs), (SELECT count(*) FROM throttles),
    (SELECT count(*) FROM audit_entries),
    (SELECT array_agg((id, menu_revision, version) ORDER BY id)::text FROM stores),
    (SELECT array_agg((store_id, revision, day_number) ORDER BY store_id)::text
     FROM store_counters)
"""
WRITTEN = "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = :table"


@pytest.fixture(scope="module")
async def probed(settings: Settings) -> AsyncGenerator[tuple[Platform, httpx.AsyncClient]]:
    told = replace(settings, probe_token=TOKEN, instance="platform-a")
    async with running_application(told) as (platform, application), browser(application) as client:
        yield platform, client


async def traces(owner_sessions: Sessions) -> tuple[object, ...]:
    async with transaction(owner_sessions) as session:
        return tuple((await session.execute(text(TRACES))).one())


async def written(owner_sessions: Sessions, table: str) -> int:
    """Rows that were ever inserted, whatever became of them: the server counts those too."""
    async with transaction(owner_sessions) as session:
        return (await session.execute(text(WRITTEN), {"table": table})).scalar_one()


async def until_written(owner_sessions: Sessions, table: str, more_than: int) -> None:
    """The server adds its counts up now and then, and at the latest when a connection is idle."""
    async with asyncio.timeout(20):
        while await written(owner_sessions, table) <= more_than:
            await asyncio.sleep(0.05)


async def test_who_has_no_token_is_told_that_there_is_nothing(
    probed: tuple[Platform, httpx.AsyncClient],
) -> None:
    _, client = probed
    for said in (None, "", "wrong", TOKEN + "x", TOKEN[:-1], TOKEN.upper(), "\xff"):
        headers = [(b"accept", b"application/json")]
        if said is not None:
            headers.append((b"x-menuvo-probe", said.encode("latin-1")))
        for method in ("GET", "POST"):
            answer = await client.request(method, PROBE, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), said


@pytest.mark.parametrize("said", [None, "", "x" * 40])
async def test_an_instance_without_a_token_cannot_be_probed(
    client: httpx.AsyncClient, said: str | None
) -> None:
    headers = {} if said is None else {"x-menuvo-probe": said}
    assert (await client.get(PROBE, headers=headers)).status_code == 404
    assert (await client.post(PROBE, headers=headers)).status_code == 404


async def test_a_probe_names_the_release_and_the_instance(
    probed: tuple[Platform, httpx.AsyncClient], owner_sessions: Sessions
) -> None:
    _, client = probed
    await add_store(owner_sessions)
    named = {"release": "test-release", "instance": "platform-a"}
    read, wrote = (
        await client.get(PROBE, headers=PROOF),
        await client.post(PROBE, headers=PROOF),
    )
    assert (read.status_code, read.json()) == (200, {**named, "wrote": False})
    assert (wrote.status_code, wrote.json()) == (200, {**named, "wrote": True})
    assert read.headers["cache-control"] == wrote.headers["cache-control"] == "no-store"


async def test_a_probe_writes_and_leaves_no_trace(
    probed: tuple[Platform, httpx.AsyncClient], owner_sessions: Sessions
) -> None:
    platform, client = probed
    store = await add_store(owner_sessions)
    before, carts = await traces(owner_sessions), await written(owner_sessions, "carts")
    with platform.feed.heard(store.id) as heard:
        for _ in range(20):
            assert (await client.post(PROBE, headers=PROOF)).json()["wrote"]
        with suppress(TimeoutError):
            await asyncio.wait_for(heard.wait(), 0.5)
        assert not heard.is_set()
    assert await traces(owner_sessions) == before
    await until_written(owner_sessions, "carts", carts)


async def test_a_probe_holds_nobody_up(
    probed: tuple[Platform, httpx.AsyncClient], owner_sessions: Sessions
) -> None:
    """Not even an edit of the store that it writes for."""
    _, client = probed
    await add_store(owner_sessions)
    async with transaction(owner_sessions) as session:
        await session.execute(text("UPDATE stores SET minutes_to_ready = minutes_to_ready"))
        assert (await client.post(PROBE, headers=PROOF)).status_code == 200


async def test_a_probe_comes_from_anywhere(probed: tuple[Platform, httpx.AsyncClient]) -> None:
    """Its token is the proof: it is no form that another site sends in a guest's name."""
    _, client = probed
    for more in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}):
        assert (await client.post(PROBE, headers={**PROOF, **more})).status_code == 200


async def test_a_probe_writes_also_before_there_is_any_store(
    settings: Settings, owner_sessions: Sessions, probed: tuple[Platform, httpx.AsyncClient]
) -> None:
    _, client = probed
    async with transaction(owner_sessions) as session:
        await session.execute(text("UPDATE stores SET active = false"))
    before, lines = await traces(owner_sessions), await written(owner_sessions, "throttles")
    assert (await client.get(PROBE, headers=PROOF)).status_code == 200
    assert (await client.post(PROBE, headers=PROOF)).json()["wrote"]
    assert await traces(owner_sessions) == before
    await until_written(owner_sessions, "throttles", lines)


async def test_a_database_that_takes_no_writes_fails_the_write_and_not_the_read(
    probed: tuple[Platform, httpx.AsyncClient], owner_sessions: Sessions
) -> None:
    platform, client = probed
    name = f'"{platform.engine.url.database}"'
    async with transaction(owner_sessions) as session:
        await session.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    await platform.engine.dispose()
    try:
        wrote = await client.post(PROBE, headers=PROOF)
        assert (wrote.status_code, wrote.json()["wrote"]) == (503, False)
        assert wrote.json()["reason"].startswith("PostgreSQL does not answer as it should")
        assert (await client.get(PROBE, headers=PROOF)).status_code == 200
    finally:
        async with transaction(owner_sessions) as session:
            await session.execute(text("SET TRANSACTION READ WRITE"))
            await session.execute(
                text(f"ALTER DATABASE {name} RESET default_transaction_read_only")
            )
        await platform.engine.dispose()


async def test_without_a_database_a_probe_fails_and_says_why(settings: Settings) -> None:
    lost = replace(
        settings,
        database_url=Redacted(f"postgresql://a:b@127.0.0.1:{free_port()}/c"),
        probe_token=TOKEN,
    )
    async with running_application(lost) as (_, application), browser(application) as client:
        for method in ("GET", "POST"):
            answer = await client.request(method, PROBE, headers=PROOF)
            assert answer.status_code == 503
            assert answer.json() == {
                "release": "test-release",
                "instance": "platform",
                "wrote": False,
                "reason": "PostgreSQL does not answer as it should: ConnectionRefusedError",
            }
            assert answer.headers["cache-control"] == "no-store"
