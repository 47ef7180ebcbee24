"""Adding work to the ledger, and what the operator does with work that failed for good."""

import uuid
from dataclasses import dataclass

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.documents import Document
from menuvo_platform.db.session import Sessions, after_commit, scope_of, transaction
from menuvo_platform.jobs import queries
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.jobs.kinds import JobKind, Payload
from menuvo_platform.jobs.queries import DeadJob, QueueState

KEPT_DAYS = 7
SWEPT_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Backlog:
    """Of all queues and merchants: for how long the job that is due longest has waited, and how
    many were given up and wait for a decision."""

    waiting_seconds: int
    dead: int


async def add_job(
    session: AsyncSession,
    bell: Doorbell,
    kind: JobKind[Payload],
    payload: Payload,
    *,
    dedupe_key: str,
) -> uuid.UUID | None:
    """Writes the job into the transaction and the scope of the session; a worker hears of it once
    that is committed.

    None when a job of this kind with this key is open already: that one does the work. So the key
    must name all that the outcome depends on.
    """
    job_id = await queries.insert_job(
        session,
        merchant_id=scope_of(session),
        queue=kind.queue,
        kind=kind.name,
        payload=msgspec.convert(msgspec.to_builtins(payload), Document),
        dedupe_key=dedupe_key,
    )
    if job_id is not None:
        after_commit(session, lambda: bell.ring(kind.queue))
    return job_id


async def read_queues(sessions: Sessions) -> list[QueueState]:
    async with transaction(sessions) as session:
        return await queries.read_queues(session)


async def read_backlog(sessions: Sessions) -> Backlog:
    them = await read_queues(sessions)
    waiting = (one.waiting_seconds for one in them if one.state == "queued")
    return Backlog(
        waiting_seconds=int(max(waiting, default=0)),
        dead=sum(one.jobs for one in them if one.state == "dead"),
    )


async def list_dead_jobs(sessions: Sessions, *, at_most: int = 100) -> list[DeadJob]:
    """Of all merchants, for the operator."""
    async with transaction(sessions) as session:
        return await queries.list_dead_jobs(session, at_most=at_most)


async def retry_dead_job(sessions: Sessions, bell: Doorbell, job: DeadJob) -> bool:
    """Gives the job all its attempts again. False when somebody else took care of it meanwhile."""
    async with transaction(sessions, job.merchant_id) as session:
        after_commit(session, lambda: bell.ring(job.queue))
        return await queries.requeue_dead_job(session, job.id)


async def drop_dead_job(sessions: Sessions, job: DeadJob) -> bool:
    """False when somebody else took care of it meanwhile."""
    async with transaction(sessions, job.merchant_id) as session:
        return await queries.drop_dead_job(session, job.id)


async def sweep_jobs(sessions: Sessions) -> int:
    """Deletes what was finished a week ago; returns how many. Dead jobs stay until decided."""
    async with transaction(sessions) as session:
        return await queries.sweep_jobs(session, kept_days=KEPT_DAYS, at_most=SWEPT_AT_ONCE)
