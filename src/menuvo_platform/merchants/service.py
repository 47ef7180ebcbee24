"""What every slice says about a merchant's people: who changed what."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import scope_of
from menuvo_platform.merchants import queries

AuditFacts: TypeAlias = Mapping[str, str | int | bool | None]


async def record_change(
    session: AsyncSession,
    action: str,
    *,
    subject: tuple[str, uuid.UUID],
    user_id: uuid.UUID | None,
    at: datetime,
    facts: AuditFacts | None = None,
) -> None:
    """Leaves an audit row with the change itself. `subject` is its kind and id; None as the user is
    the platform."""
    kind, subject_id = subject
    await queries.insert_audit_entry(
        session,
        merchant_id=scope_of(session),
        user_id=user_id,
        action=action,
        subject_kind=kind,
        subject_id=subject_id,
        facts=dict(facts or {}),
        at=at,
    )
