import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.stores.models import Store


async def list_store_ids(session: AsyncSession) -> list[uuid.UUID]:
    """Of the merchant in scope, by name."""
    found = await session.execute(select(Store.id).order_by(Store.name, Store.id))
    return list(found.scalars())
