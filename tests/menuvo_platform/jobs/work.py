"""Work for a worker under test: its effect is one entry in the audit of its merchant."""

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import anyio
import msgspec
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.adapters.bells import connect
from menuvo_platform.adapters.storage import local_storage
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.jobs.kinds import JobKind
from menuvo_platform.jobs.models import Job
from menuvo_platform.jobs.running import RunningJob
from menuvo_platform.jobs.worker import Worker
from menuvo_platform.merchants.models import AuditEntry

Handler = Callable[[RunningJob, "Work"], Awaitable[None]]


class Work(msgspec.Struct, frozen=True):
    name: str
    gate: str = ""


async def leave_effect(session: AsyncSession, job: RunningJob, name: str) -> None:
    await leave_trace(session, job.merchant_id, name)


async def leave_trace(session: AsyncSession, merchant_id: uuid.UUID, name: str) -> None:
    await session.execute(
        insert(AuditEntry).values(
            id=new_id(),
            merchant_id=merchant_id,
            action=name,
            subject_kind="job",
            subject_id=new_id(),
            at=datetime.now(UTC),
        )
    )


async def do_at_once(job: RunningJob, payload: Work) -> None:
    async with job.finishing() as session:
        await leave_effect(session, job, payload.name)


async def do_behind_the_gate(job: RunningJob, payload: Work) -> None:
    """Says on stdout that it started, then waits until the file that is its gate exists."""
    print(f"started {payload.name}", flush=True)
    await eventually(anyio.Path(payload.gate).exists)
    await do_at_once(job, payload)


def kind_of(handler: Handler, queue: str = "tests", max_attempts: int = 8) -> JobKind[Work]:
    return JobKind(handler.__name__, queue, Work, handler, max_attempts=max_attempts)


def outcomes(*workers: Worker) -> dict[tuple[str, str], int]:
    """How often which kind ended how, by the figures of the workers."""
    families = [family for worker in workers for family in worker.metrics.registry.collect()]
    found: Counter[tuple[str, str]] = Counter()
    for sample in (one for family in families for one in family.samples):
        if sample.name == "menuvo_jobs_ended_total":
            found[sample.labels["kind"], sample.labels["outcome"]] += int(sample.value)
    return dict(found)


@asynccontextmanager
async def bell_at(url: str) -> AsyncGenerator[Doorbell]:
    async with connect(url) as redis:
        yield Doorbell(redis)


def worker_of(
    kinds: list[JobKind[Work]],
    sessions: Sessions,
    bell: Doorbell,
    folder: Path,
    *,
    lease_seconds: int = 30,
    grace_seconds: float = 10,
) -> Worker:
    return Worker(
        kinds[0].queue,
        kinds,
        sessions=sessions,
        storage=local_storage(folder),
        bell=bell,
        lease_seconds=lease_seconds,
        grace_seconds=grace_seconds,
    )


async def use_up_attempts(sessions: Sessions, merchant_id: uuid.UUID) -> None:
    """As if every worker that had the jobs of this merchant in hand had been killed."""
    async with transaction(sessions, merchant_id) as session:
        await session.execute(
            text(
                "UPDATE jobs SET state = 'running', attempts = 8, lease_until = now(),"
                " lease_token = gen_random_uuid()"
            )
        )


async def effects(sessions: Sessions, merchant_id: uuid.UUID) -> list[str]:
    async with transaction(sessions, merchant_id) as session:
        return list(await session.scalars(select(AuditEntry.action).order_by(AuditEntry.action)))


async def states(sessions: Sessions, merchant_id: uuid.UUID) -> dict[str, int]:
    async with transaction(sessions, merchant_id) as session:
        found = await session.execute(select(Job.state, func.count()).group_by(Job.state))
        return dict(found.all())


async def eventually(condition: Callable[[], Awaitable[object]], *, within: float = 20) -> None:
    """Fails unless the condition becomes true within so many seconds."""
    async with asyncio.timeout(within):
        while not await condition():
            await asyncio.sleep(0.02)
