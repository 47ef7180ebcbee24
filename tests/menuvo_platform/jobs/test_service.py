import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_ops.local.redis import RedisServer
from menuvo_platform.adapters.bells import connect
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.jobs.models import Job
from menuvo_platform.jobs.service import (
    KEPT_DAYS,
    add_job,
    drop_dead_job,
    list_dead_jobs,
    retry_dead_job,
    sweep_jobs,
)
from tests.menuvo_platform import rows
from tests.menuvo_platform.jobs.work import Work, bell_at, do_at_once, kind_of, states

KIND = kind_of(do_at_once)


@pytest.fixture
async def bell(redis_server: RedisServer) -> AsyncGenerator[Doorbell]:
    async with bell_at(redis_server.url()) as bell:
        yield bell


async def test_a_job_is_written_with_what_needs_it_or_not_at_all(
    sessions: Sessions, owner_sessions: Sessions, bell: Doorbell
) -> None:
    ours = await rows.add_store(owner_sessions)
    with suppress(ZeroDivisionError):
        async with transaction(sessions, ours.merchant_id) as session:
            await add_job(session, bell, KIND, Work("lost"), dedupe_key="a")
            raise ZeroDivisionError
    assert await states(sessions, ours.merchant_id) == {}
    async with transaction(sessions, ours.merchant_id) as session:
        await add_job(session, bell, KIND, Work("kept"), dedupe_key="a")
    assert await states(sessions, ours.merchant_id) == {"queued": 1}


async def test_the_bell_rings_only_after_the_commit(
    sessions: Sessions, owner_sessions: Sessions, redis_server: RedisServer
) -> None:
    ours = await rows.add_store(owner_sessions)
    kind = kind_of(do_at_once, queue=new_id().hex)
    key = f"menuvo:bell:{kind.queue}"
    async with connect(redis_server.url()) as redis:
        async with transaction(sessions, ours.merchant_id) as session:
            await add_job(session, Doorbell(redis), kind, Work("a"), dedupe_key="a")
            assert not await redis.exists(key)
        assert await redis.exists(key)


async def test_the_same_open_work_is_written_once_for_each_merchant(
    sessions: Sessions, owner_sessions: Sessions, bell: Doorbell
) -> None:
    ours, theirs = await rows.add_store(owner_sessions), await rows.add_store(owner_sessions)

    async def add(merchant: rows.StoreRow) -> bool:
        async with transaction(sessions, merchant.merchant_id) as session:
            return await add_job(session, bell, KIND, Work("a"), dedupe_key="same") is not None

    added = await asyncio.gather(*(add(ours) for _ in range(5)), add(theirs))
    assert sum(added) == 2
    assert added[-1]
    async with transaction(sessions, ours.merchant_id) as session:
        await finish_all(session)
    assert await add(ours)  # what is done may be asked for again


async def test_the_operator_lists_retries_and_drops_dead_jobs_of_all_merchants(
    sessions: Sessions, owner_sessions: Sessions, bell: Doorbell
) -> None:
    merchants = [await rows.add_store(owner_sessions) for _ in range(2)]
    for merchant in merchants:
        async with transaction(sessions, merchant.merchant_id) as session:
            await add_job(session, bell, KIND, Work("a"), dedupe_key="dead")
            await session.execute(
                update(Job).values(state="dead", last_error="broken", finished_at=func.now())
            )
    dead = {job.merchant_id: job for job in await list_dead_jobs(sessions)}
    assert {dead[merchant.merchant_id].last_error for merchant in merchants} == {"broken"}
    first, second = (dead[merchant.merchant_id] for merchant in merchants)
    assert await retry_dead_job(sessions, bell, first)
    assert not await retry_dead_job(sessions, bell, first)
    assert await drop_dead_job(sessions, second)
    assert not await retry_dead_job(sessions, bell, second)
    assert await states(sessions, first.merchant_id) == {"queued": 1}
    assert await states(sessions, second.merchant_id) == {"dropped": 1}
    assert {first.id, second.id}.isdisjoint(job.id for job in await list_dead_jobs(sessions))


async def test_a_dead_job_is_not_retried_while_its_work_is_open_anyway(
    sessions: Sessions, owner_sessions: Sessions, bell: Doorbell
) -> None:
    ours = await rows.add_store(owner_sessions)
    async with transaction(sessions, ours.merchant_id) as session:
        await add_job(session, bell, KIND, Work("a"), dedupe_key="again")
        await session.execute(update(Job).values(state="dead", finished_at=func.now()))
        await add_job(session, bell, KIND, Work("a"), dedupe_key="again")
    dead = next(j for j in await list_dead_jobs(sessions) if j.merchant_id == ours.merchant_id)
    assert not await retry_dead_job(sessions, bell, dead)


async def test_what_is_done_is_swept_after_a_week_and_what_is_dead_stays(
    sessions: Sessions, owner_sessions: Sessions, bell: Doorbell
) -> None:
    ours = await rows.add_store(owner_sessions)
    for state, days in (("done", 8), ("dropped", 8), ("done", 6), ("dead", 99), ("queued", 99)):
        async with transaction(sessions, ours.merchant_id) as session:
            job_id = await add_job(session, bell, KIND, Work("a"), dedupe_key=new_id().hex)
            await session.execute(
                update(Job)
                .where(Job.id == job_id)
                .values(state=state, finished_at=func.now() - text(f"interval '{days} days'"))
            )
    assert KEPT_DAYS == 7
    assert await sweep_jobs(sessions) == 2
    async with transaction(sessions, ours.merchant_id) as session:
        left = await session.scalars(select(Job.state).order_by(Job.state))
        assert left.all() == ["dead", "done", "queued"]


async def finish_all(session: AsyncSession) -> None:
    await session.execute(update(Job).values(state="done", finished_at=func.now()))
