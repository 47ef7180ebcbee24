"""One loop: wait for the bell, claim a job, let its handler run, go on.

A worker runs one job at a time; more of them run more. What a killed worker had in hand is claimed
by another one when its lease has ended.
"""

import asyncio
import random
import time
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.adapters.storage import Storage
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.jobs import queries
from menuvo_platform.jobs.backoff import backoff_seconds
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.jobs.failure import describe
from menuvo_platform.jobs.heartbeat import Heartbeat
from menuvo_platform.jobs.kinds import Handled
from menuvo_platform.jobs.metrics import Outcome, WorkerMetrics
from menuvo_platform.jobs.queries import Claim
from menuvo_platform.jobs.running import LeaseLost, RunningJob

LEASE_SECONDS = 60
GRACE_SECONDS = 20.0  # the supervisor's patience, and that of containers, is 30
OUTAGE_SECONDS = 2.0
SWEEP_SECONDS = 3600.0
CANCEL_AGAIN_SECONDS = 1.0

# A refused connection is an OSError; what a connection says is a SQLAlchemyError.
DATABASE_TROUBLE = (SQLAlchemyError, OSError)

log = structlog.stdlib.get_logger(__name__)


class Sweep(Protocol):
    """Removes what has had its time; answers how many rows it touched."""

    __name__: str

    async def __call__(self, sessions: Sessions, /) -> int: ...


class Worker:
    def __init__(
        self,
        queue: str,
        kinds: Iterable[Handled],
        *,
        sessions: Sessions,
        storage: Storage,
        bell: Doorbell,
        sweeps: Sequence[Sweep] = (),
        lease_seconds: int = LEASE_SECONDS,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self._queue: str = queue
        self._kinds: Mapping[str, Handled] = {kind.name: kind for kind in kinds}
        self._sessions: Sessions = sessions
        self._storage: Storage = storage
        self._bell: Doorbell = bell
        self._sweeps: Sequence[Sweep] = sweeps
        self.metrics: WorkerMetrics = WorkerMetrics()
        self._heartbeat: Heartbeat = Heartbeat()
        self._lease_seconds: int = lease_seconds
        self._grace_seconds: float = grace_seconds
        self._swept_at: float = -SWEEP_SECONDS

    async def run(self, stopping: asyncio.Event, heartbeat: Heartbeat | None = None) -> None:
        """Until `stopping` is set, and then until the job in hand is finished or handed back."""
        self._heartbeat = heartbeat or self._heartbeat
        log.info("worker_started", queue=self._queue)
        while not stopping.is_set():
            try:
                claim = await self._claim()
                self._heartbeat.beat()
                if claim is not None:
                    await self._work(claim, stopping)
                else:
                    await self._sweep()
                    await _first_of(self._bell.wait(self._queue), stopping.wait())
            except DATABASE_TROUBLE:
                log.warning("database_trouble", queue=self._queue, exc_info=True)
                self._heartbeat.beat("the database does not answer")
                await _first_of(asyncio.sleep(OUTAGE_SECONDS), stopping.wait())
        log.info("worker_stopped", queue=self._queue)

    async def _claim(self) -> Claim | None:
        async with transaction(self._sessions) as session:
            return await queries.claim_job(session, self._queue, lease_seconds=self._lease_seconds)

    async def _work(self, claim: Claim, stopping: asyncio.Event) -> None:
        """Every line that is said about it names the job, whoever says it."""
        with structlog.contextvars.bound_contextvars(
            job_id=str(claim.id), kind=claim.kind, attempt=claim.attempts
        ):
            await self._decide(claim, stopping)

    async def _decide(self, claim: Claim, stopping: asyncio.Event) -> None:
        kind = self._kinds.get(claim.kind)
        if kind is None:
            # A newer release may know it; this one tries again later, and says so.
            await self._fail(claim, LookupError(f"no handler for {claim.kind}"))
        elif claim.attempts > kind.max_attempts:
            reason = "Every worker that tried it was killed or lost its lease."
            await self._shelve(claim, kind, reason=reason)
        else:
            await self._attempt(claim, kind, stopping)

    async def _attempt(self, claim: Claim, kind: Handled, stopping: asyncio.Event) -> None:
        job = RunningJob(
            claim,
            self._sessions,
            storage=self._storage,
            bell=self._bell,
            lease_seconds=self._lease_seconds,
        )
        started = time.monotonic()
        handling, *_ = await _first_of(
            _handle(kind, job),
            job.keep_lease(),
            self._patience(stopping),
            self._heartbeat.keep_beating(),
        )
        seconds = time.monotonic() - started
        self.metrics.took(claim.kind, seconds)
        if job.finished:
            log.info("job_done", seconds=round(seconds, 3))
            self._ended(claim, "done")
        elif handling.cancelled():
            await self._give_up(claim)
        elif error := handling.exception():
            await self._fail(claim, error)

    async def _patience(self, stopping: asyncio.Event) -> None:
        """Ends when the job in hand has had its time after the worker was asked to stop."""
        await stopping.wait()
        await asyncio.sleep(self._grace_seconds)

    async def _give_up(self, claim: Claim) -> None:
        async with transaction(self._sessions, claim.merchant_id) as session:
            handed_back = await queries.hand_back_job(session, claim)
        if handed_back:
            log.warning("job_handed_back")
            self._ended(claim, "handed_back")
            await self._bell.ring(self._queue)
        else:
            log.warning("lease_lost")
            self._ended(claim, "lost")

    async def _fail(self, claim: Claim, error: BaseException) -> None:
        if isinstance(error, LeaseLost):
            log.warning("lease_lost")
            self._ended(claim, "lost")
            return
        kind = self._kinds.get(claim.kind)
        if kind is not None and claim.attempts >= kind.max_attempts:
            await self._shelve(claim, kind, reason=describe(error), error=error)
            return
        wait_seconds = backoff_seconds(claim.attempts, random.random())
        log.warning("job_failed", wait_seconds=round(wait_seconds, 1), exc_info=error)
        self._ended(claim, "failed")
        async with transaction(self._sessions, claim.merchant_id) as session:
            await queries.postpone_job(
                session, claim, wait_seconds=wait_seconds, error=describe(error)
            )

    async def _shelve(
        self, claim: Claim, kind: Handled, *, reason: str, error: BaseException | None = None
    ) -> None:
        log.error("job_dead", exc_info=error)
        self._ended(claim, "dead")
        async with transaction(self._sessions, claim.merchant_id) as session:
            if await queries.shelve_job(session, claim, error=reason):
                await _tell_shelved(session, claim, kind)

    def _ended(self, claim: Claim, outcome: Outcome) -> None:
        """One of a kind that only a newer release knows has no name here."""
        self.metrics.ended(claim.kind if claim.kind in self._kinds else "unknown", outcome)

    async def _sweep(self) -> None:
        if time.monotonic() - self._swept_at >= SWEEP_SECONDS:
            self._swept_at = time.monotonic()
            for sweep in self._sweeps:
                log.info("swept", what=sweep.__name__, rows=await sweep(self._sessions))
                self._heartbeat.beat()


async def _tell_shelved(session: AsyncSession, claim: Claim, kind: Handled) -> None:
    try:
        async with session.begin_nested():
            await kind.tell_shelved(session, claim.payload)
    except Exception:  # An edge: whatever is wrong with a job, it must not stay in the queue.
        log.exception("shelving_not_told")


async def _handle(kind: Handled, job: RunningJob) -> None:
    async with asyncio.timeout(kind.time_limit_seconds):
        await kind.handle(job, job.claim.payload)
        if not job.finished:
            async with job.finishing():
                pass  # The handler had nothing to write: that it ran is the effect.


async def _first_of(*coroutines: Coroutine[object, object, object]) -> list[asyncio.Task[object]]:
    """Runs them until one of them ends; the others are cancelled. All are over afterwards."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        # More than once: `wait_for` of Python 3.11, which redis-py uses, swallows a cancellation
        # that comes in the moment its awaitable is done.
        while pending := [task for task in tasks if not task.done()]:
            for task in pending:
                task.cancel()
            await asyncio.wait(pending, timeout=CANCEL_AGAIN_SECONDS)
    return tasks
