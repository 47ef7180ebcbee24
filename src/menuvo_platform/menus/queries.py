import uuid
from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import and_, case, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.rows import fetch_all
from menuvo_platform.images.models import Image
from menuvo_platform.menus.models import Category, Item, ItemModifierGroup, Modifier, ModifierGroup
from menuvo_platform.menus.schemas import MenuCategory, MenuGroup, MenuItem, MenuModifier

_PICTURE = case(
    (
        Image.state == "ready",
        func.jsonb_build_object(
            "sha256",
            Image.sha256,
            "width",
            Image.width,
            "height",
            Image.height,
            "widths",
            Image.widths,
            "colour",
            Image.colour,
            type_=JSONB(),
        ),
    )
).label("picture")


class GroupOfItem(msgspec.Struct, frozen=True):
    item_id: uuid.UUID
    group_id: uuid.UUID


class ModifierOfGroup(MenuModifier, frozen=True, kw_only=True):
    group_id: uuid.UUID


async def list_categories(session: AsyncSession, store_id: uuid.UUID) -> tuple[MenuCategory, ...]:
    return await fetch_all(
        session,
        MenuCategory,
        select(Category.id, Category.name, Category.description)
        .where(Category.store_id == store_id, Category.active)
        .order_by(Category.position, Category.id),
    )


async def list_items(
    session: AsyncSession, store_id: uuid.UUID, handles: Collection[str] | None = None
) -> tuple[MenuItem, ...]:
    """Without their groups; those with these handles only, if any are given."""
    items = (
        select(
            Item.id,
            Item.category_id,
            Item.handle,
            Item.name,
            Item.description,
            Item.kitchen_name,
            Item.price_cents,
            Item.deposit_cents,
            Item.tax_category,
            Item.allergen_state,
            Item.allergens,
            Item.traces,
            Item.additives,
            Item.diets,
            Item.volume_ml,
            Item.alcoholic,
            Item.minimum_age,
            Item.sold_out_since,
            Item.sold_out_until,
            _PICTURE,
        )
        .join(Category, and_(Category.id == Item.category_id, Category.active))
        .outerjoin(Image, Image.id == Item.image_id)
        .where(Item.store_id == store_id, Item.active)
        .order_by(Item.position, Item.id)
    )
    if handles is not None:
        items = items.where(Item.handle.in_(handles))
    return await fetch_all(session, MenuItem, items)


async def list_groups_of_items(
    session: AsyncSession, item_ids: Collection[uuid.UUID]
) -> tuple[GroupOfItem, ...]:
    return await fetch_all(
        session,
        GroupOfItem,
        select(ItemModifierGroup.item_id, ItemModifierGroup.group_id)
        .where(ItemModifierGroup.item_id.in_(item_ids))
        .order_by(ItemModifierGroup.position, ItemModifierGroup.group_id),
    )


async def list_groups(
    session: AsyncSession, group_ids: Collection[uuid.UUID]
) -> tuple[MenuGroup, ...]:
    """Without their modifiers."""
    return await fetch_all(
        session,
        MenuGroup,
        select(
            ModifierGroup.id,
            ModifierGroup.name,
            ModifierGroup.min_choices,
            ModifierGroup.max_choices,
            ModifierGroup.free_choices,
        ).where(ModifierGroup.id.in_(group_ids)),
    )


async def list_modifiers(
    session: AsyncSession, group_ids: Collection[uuid.UUID]
) -> tuple[ModifierOfGroup, ...]:
    return await fetch_all(
        session,
        ModifierOfGroup,
        select(
            Modifier.id,
            Modifier.group_id,
            Modifier.handle,
            Modifier.name,
            Modifier.kitchen_name,
            Modifier.price_cents,
            Modifier.tax_category,
            Modifier.allergen_state,
            Modifier.allergens,
            Modifier.additives,
            Modifier.preselected,
            Modifier.sold_out_since,
            Modifier.sold_out_until,
        )
        .where(Modifier.group_id.in_(group_ids), Modifier.active)
        .order_by(Modifier.position, Modifier.id),
    )


async def change_stock(
    session: AsyncSession,
    store_id: uuid.UUID,
    item_id: uuid.UUID,
    *,
    since: datetime | None,
    until: datetime | None,
) -> bool:
    """False when the store has no such item. The version stays: a tap is not in the way of whoever
    edits the item meanwhile."""
    changed = await session.execute(
        update(Item)
        .where(Item.id == item_id, Item.store_id == store_id)
        .values(sold_out_since=since, sold_out_until=until)
        .returning(Item.id)
    )
    return changed.first() is not None
