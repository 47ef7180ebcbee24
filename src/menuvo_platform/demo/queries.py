from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.demo.rows import Rows
from menuvo_platform.stores.models import ServicePoint, Store


async def store_exists(session: AsyncSession, slug: str) -> bool:
    found = await session.execute(select(Store.id).where(Store.slug == slug))
    return found.first() is not None


async def first_table_token(session: AsyncSession, slug: str) -> str:
    found = await session.execute(
        select(ServicePoint.token)
        .join(Store, Store.id == ServicePoint.store_id)
        .where(Store.slug == slug, ServicePoint.active)
        .order_by(ServicePoint.position)
        .limit(1)
    )
    return found.scalar_one()


async def insert_rows(session: AsyncSession, tables: Rows) -> None:
    for table, rows in tables:
        await session.execute(insert(table), rows)
