import uuid
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.ids import new_id
from menuvo_platform.merchants.models import AuditEntry


async def insert_audit_entry(
    session: AsyncSession,
    *,
    merchant_id: uuid.UUID,
    user_id: uuid.UUID | None,
    action: str,
    subject_kind: str,
    subject_id: uuid.UUID,
    facts: dict[str, str | int | bool | None],
    at: datetime,
) -> None:
    await session.execute(
        insert(AuditEntry).values(
            id=new_id(),
            merchant_id=merchant_id,
            user_id=user_id,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            facts=facts,
            at=at,
        )
    )
