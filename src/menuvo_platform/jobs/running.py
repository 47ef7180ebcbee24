"""A claimed job in the hands of its handler."""

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.adapters.storage import Storage
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.jobs import queries
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.jobs.queries import Claim

log = structlog.stdlib.get_logger(__name__)


class LeaseLost(Exception):
    """The job took longer than its lease and belongs to another worker now."""


class RunningJob:
    """What a handler needs: the merchant's scope, storage, and the one transaction that counts."""

    def __init__(
        self,
        claim: Claim,
        sessions: Sessions,
        *,
        storage: Storage,
        bell: Doorbell,
        lease_seconds: int,
    ) -> None:
        self.claim: Claim = claim
        self.storage: Storage = storage
        self.bell: Doorbell = bell
        self.finished: bool = False
        self._finishing: bool = False
        self._sessions: Sessions = sessions
        self._lease_seconds: int = lease_seconds

    @property
    def merchant_id(self) -> uuid.UUID:
        return self.claim.merchant_id

    def transaction(self) -> AbstractAsyncContextManager[AsyncSession]:
        """For reading, and for showing progress. It may be repeated by another attempt."""
        return transaction(self._sessions, self.merchant_id)

    @asynccontextmanager
    async def finishing(self) -> AsyncGenerator[AsyncSession]:
        """The transaction of the job's effects, which also marks it done; to be entered last.

        Marking comes first: it takes the job's row, so from there on nobody else can claim the
        job, and the effects are committed together with it or not at all. Raises LeaseLost, before
        any effect, when another worker has claimed the job meanwhile.
        """
        self._finishing = True
        try:
            async with self.transaction() as session:
                if not await queries.finish_job(session, self.claim):
                    raise LeaseLost
                yield session
            self.finished = True
        finally:
            self._finishing = False

    async def keep_lease(self) -> None:
        """Renews the lease until it is lost; returns then."""
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            try:
                async with self.transaction() as session:
                    renewed = await queries.renew_lease(
                        session, self.claim, lease_seconds=self._lease_seconds
                    )
            except (SQLAlchemyError, OSError):
                # Whether the lease outlives the outage is decided when the job is finished.
                log.warning("lease_not_renewed", exc_info=True)
                continue
            if not renewed and not self._finishing and not self.finished:
                return
