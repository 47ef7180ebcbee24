"""The codes on the tables. A revoked one is known and explained to guests; one that was replaced is
as unknown as any other."""

import uuid
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.ids import new_token
from menuvo_platform.merchants.service import record_change
from menuvo_platform.stores.service import TableUnknown
from menuvo_platform.stores.tables import queries
from menuvo_platform.stores.tables.schemas import Table


async def list_tables(session: AsyncSession, store_id: uuid.UUID) -> tuple[Table, ...]:
    """In the order of the room, whether their codes count or not."""
    return await queries.list_tables(session, store_id)


async def get_table(session: AsyncSession, store_id: uuid.UUID, table_id: uuid.UUID) -> Table:
    """Raises TableUnknown."""
    table = await queries.find_table(session, store_id, table_id)
    if table is None:
        raise TableUnknown
    return table


async def revoke_code(
    session: AsyncSession,
    store_id: uuid.UUID,
    table_id: uuid.UUID,
    *,
    user_id: uuid.UUID,
    now: datetime,
) -> None:
    """Nobody orders by the printed code any more. Repeating it is fine."""
    if not await queries.change_code(session, store_id, table_id, {"active": False}):
        raise TableUnknown
    await record_change(
        session, "table.revoked", subject=("service_point", table_id), user_id=user_id, at=now
    )


async def reissue_code(
    session: AsyncSession,
    store_id: uuid.UUID,
    table_id: uuid.UUID,
    *,
    user_id: uuid.UUID,
    now: datetime,
) -> None:
    """A new code, to be printed; the one before is worth nothing from now on."""
    values: dict[str, str | bool] = {"token": new_token(), "active": True}
    if not await queries.change_code(session, store_id, table_id, values):
        raise TableUnknown
    await record_change(
        session, "table.reissued", subject=("service_point", table_id), user_id=user_id, at=now
    )
