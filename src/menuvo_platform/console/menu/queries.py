"""The menu as its people edit it: with what guests do not see."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.rows import fetch_all, fetch_one
from menuvo_platform.images.models import Image
from menuvo_platform.menus.models import Category, Item
from menuvo_platform.translated import Translated


@dataclass(frozen=True, slots=True)
class CategoryRow:
    id: uuid.UUID
    name: Translated
    active: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """The image columns are None without a picture; `widths` are those of its variants."""

    id: uuid.UUID
    category_id: uuid.UUID
    name: Translated
    description: Translated
    price_cents: int
    version: int
    active: bool
    allergen_state: str
    sold_out_since: datetime | None
    sold_out_until: datetime | None
    image_state: str | None
    image_error: str | None
    sha256: str | None
    widths: list[int] | None


_ITEMS = (
    select(
        Item.id,
        Item.category_id,
        Item.name,
        Item.description,
        Item.price_cents,
        Item.version,
        Item.active,
        Item.allergen_state,
        Item.sold_out_since,
        Item.sold_out_until,
        Image.state.label("image_state"),
        Image.error_code.label("image_error"),
        Image.sha256,
        Image.widths,
    )
    .outerjoin(Image, Image.id == Item.image_id)
    .order_by(Item.position, Item.id)
)


async def list_categories(session: AsyncSession, store_id: uuid.UUID) -> tuple[CategoryRow, ...]:
    statement = select(Category.id, Category.name, Category.active)
    return await fetch_all(
        session,
        CategoryRow,
        statement.where(Category.store_id == store_id).order_by(Category.position, Category.id),
    )


async def list_items(session: AsyncSession, store_id: uuid.UUID) -> tuple[ItemRow, ...]:
    return await fetch_all(session, ItemRow, _ITEMS.where(Item.store_id == store_id))


async def find_item(
    session: AsyncSession, store_id: uuid.UUID, item_id: uuid.UUID
) -> ItemRow | None:
    return await fetch_one(
        session, ItemRow, _ITEMS.where(Item.store_id == store_id, Item.id == item_id)
    )
