"""What the monitor asks an instance about the work that waits."""

import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from menuvo_ops.local.ports import free_port
from menuvo_ops.local.redis import RedisServer
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.jobs.service import add_job
from menuvo_platform.settings import Redacted, Settings
from tests.menuvo_platform import rows
from tests.menuvo_platform.conftest import browser, running_application
from tests.menuvo_platform.jobs.work import Work, bell_at, do_at_once, kind_of, states

QUEUES = "/internal/queues"
KIND = kind_of(do_at_once)
STATEMENTS = re.findall(r'--command "(.+?)"', Path("docs/runbooks/jobs-failed.md").read_text())


@pytest.fixture
async def bell(redis_server: RedisServer) -> AsyncGenerator[Doorbell]:
    async with bell_at(redis_server.url()) as bell:
        yield bell


async def add(sessions: Sessions, owner_sessions: Sessions, bell: Doorbell, change: str) -> None:
    """One job, of a merchant of its own."""
    ours = await rows.add_store(owner_sessions)
    async with transaction(sessions, ours.merchant_id) as session:
        await add_job(session, bell, KIND, Work("a"), dedupe_key="a")
        await session.execute(text(f"UPDATE jobs SET {change}"))


async def test_it_says_how_long_the_oldest_job_waits_and_how_many_were_given_up(
    client: httpx.AsyncClient, sessions: Sessions, owner_sessions: Sessions, bell: Doorbell
) -> None:
    await clear(owner_sessions)
    answer = await client.get(QUEUES)
    assert (answer.status_code, answer.json()) == (200, {"waiting_seconds": 0, "dead": 0})
    assert answer.headers["cache-control"] == "no-store"
    # One that failed is due later, and one that was given up does not wait.
    await add(sessions, owner_sessions, bell, "not_before = now() + interval '1 hour'")
    await add(sessions, owner_sessions, bell, "state = 'dead', not_before = now() - interval '9h'")
    assert (await client.get(QUEUES)).json() == {"waiting_seconds": 0, "dead": 1}
    await add(sessions, owner_sessions, bell, "not_before = now() - interval '301 seconds'")
    await add(sessions, owner_sessions, bell, "state = 'dead'")
    found = (await client.get(QUEUES)).json()
    assert found["waiting_seconds"] == pytest.approx(301, abs=5)
    assert found["dead"] == 2


async def test_without_a_database_it_says_that_it_cannot_tell(settings: Settings) -> None:
    lost = replace(settings, database_url=Redacted(f"postgresql://a:b@127.0.0.1:{free_port()}/c"))
    async with running_application(lost) as (_, application), browser(application) as client:
        assert (await client.get(QUEUES)).status_code == 503


async def test_the_statements_of_the_runbook_try_given_up_jobs_again_or_put_them_away(
    client: httpx.AsyncClient, sessions: Sessions, owner_sessions: Sessions, bell: Doorbell
) -> None:
    look, again, away = STATEMENTS
    await clear(owner_sessions)
    ours = await rows.add_store(owner_sessions)
    # The same work was given up twice, and was asked for a third time.
    for key in ("open", "open", "once"):
        async with transaction(sessions, ours.merchant_id) as session:
            await add_job(session, bell, KIND, Work("a"), dedupe_key=key)
            await session.execute(text("UPDATE jobs SET state = 'dead', finished_at = now()"))
    async with transaction(sessions, ours.merchant_id) as session:
        await add_job(session, bell, KIND, Work("a"), dedupe_key="open")
    async with transaction(owner_sessions) as session:
        assert len((await session.execute(text(look))).all()) == 3
        await session.execute(text(again))
    assert await states(sessions, ours.merchant_id) == {"queued": 2, "dead": 2}
    async with transaction(owner_sessions) as session:
        await session.execute(text(away))
    assert await states(sessions, ours.merchant_id) == {"queued": 2, "dropped": 2}
    assert (await client.get(QUEUES)).json()["dead"] == 0


async def clear(owner_sessions: Sessions) -> None:
    async with transaction(owner_sessions) as session:
        await session.execute(text("DELETE FROM jobs"))
