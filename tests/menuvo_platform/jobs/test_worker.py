"""The worker's loop in this process, with handlers that misbehave."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import LogCapture

from menuvo_ops.local.redis import RedisServer
from menuvo_platform.db.session import Sessions, scope_of, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.jobs.kinds import JobKind
from menuvo_platform.jobs.models import Job
from menuvo_platform.jobs.running import LeaseLost, RunningJob
from menuvo_platform.jobs.service import add_job
from menuvo_platform.jobs.worker import Worker
from tests.menuvo_platform import rows
from tests.menuvo_platform.jobs.work import (
    Handler,
    Work,
    bell_at,
    do_at_once,
    effects,
    eventually,
    kind_of,
    leave_effect,
    leave_trace,
    outcomes,
    states,
    worker_of,
)

pytestmark = pytest.mark.slow


ATTEMPTS_USED_UP = (
    "state = 'running', attempts = 3, lease_token = gen_random_uuid(), lease_until = now()"
)


class Shop:
    """One merchant, a queue of its own, and workers on it."""

    def __init__(
        self, sessions: Sessions, bell: Doorbell, store: rows.StoreRow, folder: Path
    ) -> None:
        self.sessions = sessions
        self.bell = bell
        self.merchant_id = store.merchant_id
        self.folder = folder
        self.queue = new_id().hex

    def kind(self, handler: Handler, max_attempts: int = 8) -> JobKind[Work]:
        return kind_of(handler, self.queue, max_attempts)

    def worker(self, *kinds: JobKind[Work], **limits: int) -> Worker:
        return worker_of(list(kinds), self.sessions, self.bell, self.folder, **limits)

    async def add(self, kind: JobKind[Work], *names: str) -> None:
        async with transaction(self.sessions, self.merchant_id) as session:
            for name in names:
                await add_job(session, self.bell, kind, Work(name), dedupe_key=name)

    async def has(self, **wanted: int) -> bool:
        return await states(self.sessions, self.merchant_id) == wanted

    async def becomes(self, **wanted: int) -> None:
        await eventually(lambda: self.has(**wanted))

    async def effects(self) -> list[str]:
        return await effects(self.sessions, self.merchant_id)

    async def last_errors(self) -> list[str]:
        async with transaction(self.sessions, self.merchant_id) as session:
            return list(await session.scalars(select(Job.last_error)))

    async def change_jobs(self, values: str) -> None:
        async with transaction(self.sessions, self.merchant_id) as session:
            await session.execute(text(f"UPDATE jobs SET {values}"))

    async def hurry(self, error: str) -> None:
        """Makes the job due that waits because of this error."""

        async def failed() -> bool:
            return await self.last_errors() == [error] and await self.has(queued=1)

        await eventually(failed)
        await self.change_jobs("not_before = now(), last_error = ''")
        await self.bell.ring(self.queue)


@pytest.fixture
async def shop(
    sessions: Sessions, owner_sessions: Sessions, redis_server: RedisServer, tmp_path: Path
) -> AsyncGenerator[Shop]:
    async with bell_at(redis_server.url()) as bell:
        yield Shop(sessions, bell, await rows.add_store(owner_sessions), tmp_path)


@asynccontextmanager
async def running(*workers: Worker) -> AsyncGenerator[asyncio.Event]:
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for worker in workers:
            group.create_task(worker.run(stopping))
        try:
            yield stopping
        finally:
            stopping.set()


async def test_a_job_has_its_effect_once_and_is_done(shop: Shop) -> None:
    kind = shop.kind(do_at_once)
    async with running(shop.worker(kind)):
        await shop.add(kind, "a", "b")
        await shop.becomes(done=2)
    assert await shop.effects() == ["a", "b"]


async def test_a_handler_that_writes_nothing_is_done_when_it_returns(shop: Shop) -> None:
    async def do_nothing(job: RunningJob, payload: Work) -> None:
        pass

    kind = shop.kind(do_nothing)
    await shop.add(kind, "a")
    async with running(shop.worker(kind)):
        await shop.becomes(done=1)


async def test_two_workers_never_have_the_same_job_in_hand(shop: Shop) -> None:
    in_hand: list[str] = []

    async def do_alone(job: RunningJob, payload: Work) -> None:
        assert payload.name not in in_hand
        in_hand.append(payload.name)
        await asyncio.sleep(0)
        await do_at_once(job, payload)

    kind, names = shop.kind(do_alone), [f"job {number:02}" for number in range(40)]
    await shop.add(kind, *names)
    async with running(shop.worker(kind), shop.worker(kind)):
        await shop.becomes(done=40)
    assert sorted(in_hand) == await shop.effects() == names


async def test_work_is_found_although_nobody_rang(
    shop: Shop,
) -> None:
    kind = shop.kind(do_at_once)
    async with running(shop.worker(kind)), bell_at("redis://127.0.0.1:1/0") as silent:
        shop.bell = silent
        await shop.add(kind, "unheard")
        await shop.becomes(done=1)


async def test_a_job_that_fails_is_tried_again_later(shop: Shop) -> None:
    failures = iter([ValueError("not yet"), ValueError("not yet")])

    async def do_in_the_end(job: RunningJob, payload: Work) -> None:
        if failure := next(failures, None):
            raise failure
        await do_at_once(job, payload)

    kind = shop.kind(do_in_the_end)
    await shop.add(kind, "a")
    worker = shop.worker(kind)
    async with running(worker):
        await shop.hurry("ValueError: not yet")
        await shop.hurry("ValueError: not yet")
        await shop.becomes(done=1)
    assert await shop.effects() == ["a"]
    assert outcomes(worker) == {(kind.name, "failed"): 2, (kind.name, "done"): 1}


async def test_what_a_failing_handler_wrote_is_rolled_back(shop: Shop) -> None:
    async def fail_late(job: RunningJob, payload: Work) -> None:
        async with job.finishing() as session:
            await leave_effect(session, job, payload.name)
            raise ValueError("too late")

    kind = shop.kind(fail_late, max_attempts=1)
    await shop.add(kind, "a")
    async with running(shop.worker(kind)):
        await shop.becomes(dead=1)
    assert await shop.effects() == []


async def test_a_job_that_keeps_failing_is_set_aside_with_its_error(shop: Shop) -> None:
    async def fail(job: RunningJob, payload: Work) -> None:
        raise OSError("redis://:hunter2@host is away")

    kind = shop.kind(fail, max_attempts=2)
    await shop.add(kind, "a")
    worker = shop.worker(kind)
    async with running(worker):
        await shop.hurry("OSError: redis://[REDACTED]@host is away")
        await shop.becomes(dead=1)
    assert outcomes(worker) == {(kind.name, "failed"): 1, (kind.name, "dead"): 1}
    assert await shop.last_errors() == ["OSError: redis://[REDACTED]@host is away"]


async def test_a_job_that_kills_its_workers_is_set_aside(shop: Shop) -> None:
    kind = shop.kind(do_at_once, max_attempts=3)
    await shop.add(kind, "a")
    await shop.change_jobs(ATTEMPTS_USED_UP)
    async with running(shop.worker(kind)):
        await shop.becomes(dead=1)
    assert await shop.effects() == []
    assert "killed" in (await shop.last_errors())[0]


@pytest.mark.parametrize("killed", [False, True], ids=["its handler fails", "its workers die"])
async def test_when_a_job_is_set_aside_its_kind_tells_the_merchant(
    shop: Shop, *, killed: bool
) -> None:
    async def fail(job: RunningJob, payload: Work) -> None:
        raise ValueError("never")

    async def tell(session: AsyncSession, payload: Work) -> None:
        assert await session.scalar(select(Job.state)) == "dead"
        await leave_trace(session, scope_of(session), f"told of {payload.name}")

    kind = replace(shop.kind(fail, max_attempts=3 if killed else 1), on_shelved=tell)
    await shop.add(kind, "a")
    if killed:
        await shop.change_jobs(ATTEMPTS_USED_UP)
    async with running(shop.worker(kind)):
        await shop.becomes(dead=1)
    assert await shop.effects() == ["told of a"]


async def test_a_job_is_set_aside_although_telling_of_it_fails(shop: Shop) -> None:
    async def fail(job: RunningJob, payload: Work) -> None:
        raise ValueError("never")

    async def fail_to_tell(session: AsyncSession, payload: Work) -> None:
        await leave_trace(session, scope_of(session), "told")
        await session.execute(text("SELECT 1 / 0"))

    kind = replace(shop.kind(fail, max_attempts=1), on_shelved=fail_to_tell)
    await shop.add(kind, "a")
    async with running(shop.worker(kind)):
        await shop.becomes(dead=1)
    assert await shop.effects() == []
    assert await shop.last_errors() == ["ValueError: never"]


async def test_whoever_lost_the_lease_tells_nothing(shop: Shop) -> None:
    told: list[str] = []

    async def fail_late(job: RunningJob, payload: Work) -> None:
        await shop.change_jobs("state = 'done', lease_token = NULL, lease_until = NULL")
        raise ValueError("too late")

    async def tell(session: AsyncSession, payload: Work) -> None:
        told.append(payload.name)

    kind = replace(shop.kind(fail_late, max_attempts=1), on_shelved=tell)
    marker = shop.kind(do_at_once)
    await shop.add(kind, "a")
    async with running(shop.worker(kind, marker)):
        await shop.becomes(done=1)
        await shop.add(marker, "b")
        await shop.becomes(done=2)
    assert told == []


async def test_a_payload_that_does_not_fit_is_a_failure_and_not_the_end_of_the_worker(
    shop: Shop,
) -> None:
    kind = shop.kind(do_at_once, max_attempts=1)
    await shop.add(kind, "a")
    await shop.change_jobs("""payload = '{"other": 1}'""")
    async with running(shop.worker(kind)):
        await shop.becomes(dead=1)
        await shop.add(kind, "b")
        await shop.becomes(dead=1, done=1)


async def test_a_kind_that_this_release_does_not_know_waits_for_one_that_does(shop: Shop) -> None:
    await shop.add(shop.kind(do_at_once), "a")

    async def other(job: RunningJob, payload: Work) -> None:
        raise AssertionError

    worker = shop.worker(shop.kind(other))
    async with running(worker):
        await shop.hurry("LookupError: no handler for do_at_once")
    assert outcomes(worker).keys() == {("unknown", "failed")}


async def test_whatever_is_said_of_a_job_names_it(shop: Shop) -> None:
    """Also of one that only another release knows."""

    async def other(job: RunningJob, payload: Work) -> None:
        raise AssertionError

    heard, before = LogCapture(), structlog.get_config()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, heard])
    try:
        await shop.add(shop.kind(do_at_once), "a")
        async with running(shop.worker(shop.kind(other))):
            await shop.hurry("LookupError: no handler for do_at_once")
    finally:
        structlog.configure(**before)
    said = [line for line in heard.entries if line["event"] == "job_failed"]
    assert said
    assert {line.get("kind") for line in said} == {"do_at_once"}
    assert len({line["job_id"] for line in said}) == 1


async def test_a_lease_is_renewed_while_its_job_runs(shop: Shop) -> None:
    started: list[str] = []

    async def outlast_the_lease(job: RunningJob, payload: Work) -> None:
        started.append(payload.name)
        async with job.transaction() as session:
            first = await session.scalar(select(Job.lease_until))

        async def renewed_twice() -> bool:
            async with job.transaction() as session:
                until = await session.scalar(select(Job.lease_until))
            assert first is not None
            assert until is not None
            return (until - first).total_seconds() > 1.2

        await eventually(renewed_twice)
        await do_at_once(job, payload)

    kind = shop.kind(outlast_the_lease)
    await shop.add(kind, "a")
    async with running(shop.worker(kind, lease_seconds=1), shop.worker(kind, lease_seconds=1)):
        await shop.becomes(done=1)
    assert started == ["a"]


async def test_who_lost_the_lease_writes_nothing(shop: Shop) -> None:
    lost: list[bool] = []

    async def finish_late(job: RunningJob, payload: Work) -> None:
        if job.claim.attempts == 1:
            await shop.change_jobs("lease_until = now() - interval '1 second'")
            await shop.becomes(done=1)  # by the other worker
            try:
                await do_at_once(job, payload)
            except LeaseLost:
                lost.append(True)
                raise
        await do_at_once(job, payload)

    kind = shop.kind(finish_late)
    await shop.add(kind, "a")
    async with running(shop.worker(kind), shop.worker(kind)):
        await eventually(lambda: found(lost))
    assert await shop.effects() == ["a"]
    assert await shop.has(done=1)


async def test_while_a_job_is_being_finished_nobody_can_claim_it(shop: Shop) -> None:
    attempts: list[int] = []
    finishing = asyncio.Event()
    marked = asyncio.Event()

    async def finish_slowly(job: RunningJob, payload: Work) -> None:
        attempts.append(job.claim.attempts)
        await shop.change_jobs("lease_until = now() - interval '1 second'")
        async with job.finishing() as session:
            await leave_effect(session, job, payload.name)
            finishing.set()
            await marked.wait()

    async def mark(job: RunningJob, payload: Work) -> None:
        marked.set()

    kind, marker = shop.kind(finish_slowly), shop.kind(mark)
    await shop.add(kind, "a")
    async with asyncio.timeout(20), running(shop.worker(kind)):
        await finishing.wait()
        async with running(shop.worker(kind, marker)):  # it would claim what was abandoned first
            await shop.add(marker, "marker")
            await shop.becomes(done=2)
    assert attempts == [1]


async def test_a_handler_whose_lease_was_taken_is_stopped(shop: Shop) -> None:
    stopped: list[int] = []

    async def wait_to_be_stopped(job: RunningJob, payload: Work) -> None:
        if job.claim.attempts > 1:
            await do_at_once(job, payload)
            return
        # As if another worker had claimed it, and been killed.
        await shop.change_jobs(
            "lease_token = gen_random_uuid(), lease_until = now() - interval '1 second'"
        )
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(job.claim.attempts)

    kind = shop.kind(wait_to_be_stopped)
    await shop.add(kind, "a")
    workers = [shop.worker(kind, lease_seconds=1) for _ in range(2)]
    async with running(*workers):
        await eventually(lambda: found(stopped))
        await shop.becomes(done=1)
    assert outcomes(*workers) == {(kind.name, "lost"): 1, (kind.name, "done"): 1}
    assert await shop.effects() == ["a"]


async def test_what_is_in_hand_when_the_patience_ends_is_handed_back_uncounted(
    shop: Shop,
) -> None:
    started = asyncio.Event()

    async def take_forever(job: RunningJob, payload: Work) -> None:
        started.set()
        await asyncio.Event().wait()

    kind = shop.kind(take_forever)
    await shop.add(kind, "a")
    worker = shop.worker(kind, grace_seconds=0)
    async with asyncio.timeout(10), running(worker):
        await started.wait()
    assert outcomes(worker) == {(kind.name, "handed_back"): 1}
    async with transaction(shop.sessions, shop.merchant_id) as session:
        left = await session.execute(select(Job.state, Job.attempts, Job.lease_token))
        assert left.all() == [("queued", 0, None)]


async def test_a_handler_beyond_its_time_limit_has_failed(shop: Shop) -> None:
    async def take_forever(job: RunningJob, payload: Work) -> None:
        await asyncio.Event().wait()

    kind = JobKind("slow", shop.queue, Work, take_forever, max_attempts=1, time_limit_seconds=0.05)
    await shop.add(kind, "a")
    async with running(shop.worker(kind)):
        await shop.becomes(dead=1)
    assert await shop.last_errors() == ["TimeoutError"]


async def test_a_job_runs_in_the_scope_of_its_merchant_only(
    shop: Shop, owner_sessions: Sessions
) -> None:
    other = await rows.add_store(owner_sessions)
    seen: list[object] = []

    async def look_around(job: RunningJob, payload: Work) -> None:
        async with job.finishing() as session:
            merchants = await session.scalars(text("SELECT id FROM merchants"))
            seen.extend(merchants)
            await session.execute(update(Job).values(last_error="seen"))

    kind = shop.kind(look_around)
    await shop.add(kind, "a")
    async with running(shop.worker(kind)):
        await shop.becomes(done=1)
    assert seen == [shop.merchant_id]
    assert other.merchant_id not in seen


async def found(things: Sequence[object]) -> bool:
    return bool(things)
