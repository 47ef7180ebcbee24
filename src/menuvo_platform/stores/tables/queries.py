import uuid

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.rows import fetch_all, fetch_one
from menuvo_platform.stores.models import ServicePoint
from menuvo_platform.stores.tables.schemas import Table

_TABLES = select(
    ServicePoint.id, ServicePoint.name, ServicePoint.zone, ServicePoint.token, ServicePoint.active
)


async def list_tables(session: AsyncSession, store_id: uuid.UUID) -> tuple[Table, ...]:
    statement = _TABLES.where(ServicePoint.store_id == store_id)
    return await fetch_all(
        session, Table, statement.order_by(ServicePoint.position, ServicePoint.id)
    )


async def find_table(
    session: AsyncSession, store_id: uuid.UUID, table_id: uuid.UUID
) -> Table | None:
    statement = _TABLES.where(ServicePoint.store_id == store_id, ServicePoint.id == table_id)
    return await fetch_one(session, Table, statement)


async def change_code(
    session: AsyncSession,
    store_id: uuid.UUID,
    table_id: uuid.UUID,
    values: dict[str, str | bool],
) -> bool:
    """False when the store has no such table."""
    changed = await session.execute(
        update(ServicePoint)
        .where(ServicePoint.store_id == store_id, ServicePoint.id == table_id)
        .values(values)
        .returning(ServicePoint.id)
    )
    return changed.first() is not None
