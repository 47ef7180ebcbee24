"""Every statement on the ledger. Times are the database's own: workers need not agree on one."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Update, exists, func, null, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from menuvo_platform.db.documents import Document
from menuvo_platform.ids import new_id
from menuvo_platform.jobs.models import Job

OPEN = ("queued", "running")


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is ours until its lease ends. `attempts` counts this one."""

    id: uuid.UUID
    merchant_id: uuid.UUID
    kind: str
    payload: Document
    attempts: int
    lease_token: uuid.UUID


@dataclass(frozen=True, slots=True)
class QueueState:
    """Jobs of all merchants. `waiting_seconds`: since the first of them could have been begun."""

    queue: str
    state: str
    jobs: int
    waiting_seconds: float


@dataclass(frozen=True, slots=True)
class DeadJob:
    id: uuid.UUID
    merchant_id: uuid.UUID
    queue: str
    kind: str
    attempts: int
    last_error: str
    created_at: datetime
    finished_at: datetime


async def insert_job(
    session: AsyncSession,
    *,
    merchant_id: uuid.UUID,
    queue: str,
    kind: str,
    payload: Document,
    dedupe_key: str,
) -> uuid.UUID | None:
    """None when the same work is open already."""
    return await session.scalar(
        insert(Job)
        .values(
            id=new_id(),
            merchant_id=merchant_id,
            queue=queue,
            kind=kind,
            payload=payload,
            dedupe_key=dedupe_key,
            not_before=func.now(),
        )
        .on_conflict_do_nothing(
            index_elements=[Job.merchant_id, Job.kind, Job.dedupe_key],
            index_where=Job.state.in_(OPEN),
        )
        .returning(Job.id)
    )


async def claim_job(session: AsyncSession, queue: str, *, lease_seconds: int) -> Claim | None:
    """The job that is due longest, or whose worker did not come back. Needs no scope."""
    found = await session.execute(
        text(
            "SELECT id, merchant_id, kind, payload, attempts, lease_token"
            " FROM claim_jobs(:queue, 1, :lease_seconds)"
        ).columns(payload=JSONB()),
        {"queue": queue, "lease_seconds": lease_seconds},
    )
    row = found.mappings().one_or_none()
    return msgspec.convert(row, Claim) if row else None


async def renew_lease(session: AsyncSession, claim: Claim, *, lease_seconds: int) -> bool:
    return await _change(
        session,
        _held(claim).values(lease_until=func.now() + timedelta(seconds=lease_seconds)),
    )


async def finish_job(session: AsyncSession, claim: Claim) -> bool:
    """False when the lease is not ours any more."""
    return await _change(session, _release(claim, "done").values(finished_at=func.now()))


async def postpone_job(
    session: AsyncSession, claim: Claim, *, wait_seconds: float, error: str
) -> bool:
    return await _change(
        session,
        _release(claim, "queued").values(
            not_before=func.now() + timedelta(seconds=wait_seconds), last_error=error
        ),
    )


async def hand_back_job(session: AsyncSession, claim: Claim) -> bool:
    """Whoever is free may take it; the attempt that was interrupted does not count."""
    return await _change(
        session,
        _release(claim, "queued").values(not_before=func.now(), attempts=Job.attempts - 1),
    )


async def shelve_job(session: AsyncSession, claim: Claim, *, error: str) -> bool:
    return await _change(
        session, _release(claim, "dead").values(finished_at=func.now(), last_error=error)
    )


async def read_queues(session: AsyncSession) -> list[QueueState]:
    """Those states that a queue has: queued, running, dead. Needs no scope."""
    found = await session.execute(
        text(
            "SELECT queue, state, jobs,"
            " greatest(0, extract(epoch FROM now() - oldest_due))::float8 AS waiting_seconds"
            " FROM queue_depths()"
        )
    )
    return msgspec.convert(found.mappings().all(), list[QueueState])


async def list_dead_jobs(session: AsyncSession, *, at_most: int) -> list[DeadJob]:
    """Of all merchants, longest dead first. Needs no scope."""
    found = await session.execute(
        text(
            "SELECT id, merchant_id, queue, kind, attempts, last_error, created_at, finished_at"
            " FROM list_dead_jobs(:at_most)"
        ),
        {"at_most": at_most},
    )
    return msgspec.convert(found.mappings().all(), list[DeadJob])


async def requeue_dead_job(session: AsyncSession, job_id: uuid.UUID) -> bool:
    """False when it is not dead, or when the same work is open by now."""
    other = aliased(Job)
    open_already = (
        exists()
        .where(other.merchant_id == Job.merchant_id, other.kind == Job.kind)
        .where(other.dedupe_key == Job.dedupe_key, other.state.in_(OPEN))
    )
    return await _change(
        session,
        update(Job)
        .where(Job.id == job_id, Job.state == "dead", ~open_already)
        .values(state="queued", attempts=0, not_before=func.now(), finished_at=null()),
    )


async def drop_dead_job(session: AsyncSession, job_id: uuid.UUID) -> bool:
    return await _change(
        session,
        update(Job)
        .where(Job.id == job_id, Job.state == "dead")
        .values(state="dropped", finished_at=func.now()),
    )


async def sweep_jobs(session: AsyncSession, *, kept_days: int, at_most: int) -> int:
    """How many old finished jobs of all merchants were deleted. Needs no scope."""
    swept = await session.execute(
        text("SELECT sweep_jobs(:kept_days, :at_most)"),
        {"kept_days": kept_days, "at_most": at_most},
    )
    return msgspec.convert(swept.scalar_one(), int)


def _held(claim: Claim) -> Update:
    return update(Job).where(Job.id == claim.id, Job.lease_token == claim.lease_token)


def _release(claim: Claim, state: str) -> Update:
    return _held(claim).values(state=state, lease_token=null(), lease_until=null())


async def _change(session: AsyncSession, statement: Update) -> bool:
    return await session.scalar(statement.returning(Job.id)) is not None
