import uuid

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.rows import fetch_one
from menuvo_platform.menus.editing.schemas import Edited
from menuvo_platform.menus.models import Item


async def find_edited(
    session: AsyncSession, store_id: uuid.UUID, item_id: uuid.UUID
) -> Edited | None:
    statement = select(Item.id, Item.price_cents, Item.version).where(
        Item.store_id == store_id, Item.id == item_id
    )
    return await fetch_one(session, Edited, statement)


async def change_price(
    session: AsyncSession,
    store_id: uuid.UUID,
    item_id: uuid.UUID,
    *,
    price_cents: int,
    version: int,
) -> bool:
    """False when the store has no such item at this version."""
    changed = await session.execute(
        update(Item)
        .where(Item.store_id == store_id, Item.id == item_id, Item.version == version)
        .values(price_cents=price_cents, version=Item.version + 1)
        .returning(Item.id)
    )
    return changed.first() is not None


async def change_picture(
    session: AsyncSession, store_id: uuid.UUID, item_id: uuid.UUID, image_id: uuid.UUID
) -> bool:
    """False when the store has no such item. The version stays: a picture is in nobody's way."""
    changed = await session.execute(
        update(Item)
        .where(Item.store_id == store_id, Item.id == item_id)
        .values(image_id=image_id)
        .returning(Item.id)
    )
    return changed.first() is not None
