"""One request or one job is one transaction, in the scope of one merchant, committed at its edge.

The scope is a setting of the transaction that the policies of row-level security compare with, so
a query that forgets its filter sees the rows of one merchant at most, and none without a scope.
"""

import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias, cast

import structlog
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import Session, SessionTransaction

Sessions: TypeAlias = async_sessionmaker[AsyncSession]
AfterCommit: TypeAlias = Callable[[], Awaitable[None]]

_SCOPE = "merchant_id"
_AFTER_COMMIT = "after_commit"
_SET_SCOPE = text("SELECT set_config('app.merchant_id', :merchant_id, true)")

log = structlog.stdlib.get_logger(__name__)


class ScopedSession(Session):
    """The session whose transactions begin in the scope that its info names."""


@event.listens_for(ScopedSession, "after_begin")
def _apply_scope(session: Session, _: SessionTransaction, connection: Connection) -> None:
    merchant_id = cast("uuid.UUID | None", session.info.get(_SCOPE))
    if merchant_id is not None:
        connection.execute(_SET_SCOPE, {"merchant_id": str(merchant_id)})


def create_sessions(engine: AsyncEngine) -> Sessions:
    return async_sessionmaker(engine, expire_on_commit=False, sync_session_class=ScopedSession)


async def enter_scope(session: AsyncSession, merchant_id: uuid.UUID) -> None:
    """From here on the session sees and writes this merchant's rows only."""
    session.info[_SCOPE] = merchant_id
    if session.in_transaction():
        await session.execute(_SET_SCOPE, {"merchant_id": str(merchant_id)})


def scope_of(session: AsyncSession) -> uuid.UUID:
    """The merchant of the session; raises LookupError outside of a scope."""
    merchant_id = cast("uuid.UUID | None", session.info.get(_SCOPE))
    if merchant_id is None:
        raise LookupError("this session has no merchant yet: call enter_scope first")
    return merchant_id


def after_commit(session: AsyncSession, action: AfterCommit) -> None:
    """Do this once the transaction is durable: doorbells and pings, never anything that must be."""
    _actions(session).append(action)


@asynccontextmanager
async def transaction(
    sessions: Sessions, merchant_id: uuid.UUID | None = None
) -> AsyncGenerator[AsyncSession]:
    """Commits when the block ends, rolls back when it raises, then does what was to follow."""
    async with sessions() as session:
        if merchant_id is not None:
            await enter_scope(session, merchant_id)
        async with session.begin():
            yield session
        await _run_after_commit(session)


async def _run_after_commit(session: AsyncSession) -> None:
    actions = _actions(session)
    for action in actions:
        try:
            await action()
        except Exception:  # An edge: what is committed must not look failed.
            log.warning("after_commit_failed", exc_info=True)
    actions.clear()


def _actions(session: AsyncSession) -> list[AfterCommit]:
    return cast("list[AfterCommit]", session.info.setdefault(_AFTER_COMMIT, []))
