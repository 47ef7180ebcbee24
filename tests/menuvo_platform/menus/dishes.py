"""Dishes that tests order, written as the owner."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, update

from menuvo_platform.db.base import Base
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_handle, new_id
from menuvo_platform.menus.models import Category, Item, ItemModifierGroup, Modifier, ModifierGroup
from tests.menuvo_platform.rows import StoreRow


@dataclass(frozen=True)
class Dish:
    id: uuid.UUID
    handle: str


async def add_category(
    sessions: Sessions, store: StoreRow, name: str, **values: object
) -> uuid.UUID:
    row = {"name": {"de": name}, "position": 1, **values}
    return (await _insert(sessions, Category, store, row)).id


async def add_item(
    sessions: Sessions, store: StoreRow, name: str, cents: int, **values: object
) -> Dish:
    """An item of a category of its own unless one is given; food without allergens."""
    if "category_id" not in values:
        values["category_id"] = await add_category(sessions, store, f"Kategorie {name}")
    row = {
        "handle": new_handle(),
        "name": {"de": name, "en": f"{name} (en)"},
        "price_cents": cents,
        "tax_category": "food",
        "allergen_state": "listed" if values.get("allergens") else "none",
        "position": 1,
        **values,
    }
    return await _insert(sessions, Item, store, row)


async def add_group(
    sessions: Sessions,
    store: StoreRow,
    items: Sequence[Dish],
    *,
    least: int = 0,
    most: int = 9,
    free: int = 0,
    position: int = 1,
) -> uuid.UUID:
    row = {
        "name": {"de": "Auswahl"},
        "min_choices": least,
        "max_choices": most,
        "free_choices": free,
    }
    group = await _insert(sessions, ModifierGroup, store, row)
    keys = {"merchant_id": store.merchant_id, "store_id": store.id, "group_id": group.id}
    async with transaction(sessions) as session:
        for item in items:
            await session.execute(
                insert(ItemModifierGroup).values(**keys, item_id=item.id, position=position)
            )
    return group.id


async def add_modifier(
    sessions: Sessions,
    store: StoreRow,
    group_id: uuid.UUID,
    name: str,
    cents: int = 0,
    **values: object,
) -> Dish:
    row = {
        "handle": new_handle(),
        "group_id": group_id,
        "name": {"de": name, "en": f"{name} (en)"},
        "price_cents": cents,
        "allergen_state": "listed" if values.get("allergens") else "none",
        "position": 1,
        **values,
    }
    return await _insert(sessions, Modifier, store, row)


async def change(
    sessions: Sessions, table: type[Item | Modifier], dish: Dish, **values: object
) -> None:
    async with transaction(sessions) as session:
        await session.execute(update(table).where(table.id == dish.id).values(**values))


async def _insert(
    sessions: Sessions, table: type[Base], store: StoreRow, row: Mapping[str, object]
) -> Dish:
    keys = {"id": new_id(), "merchant_id": store.merchant_id, "store_id": store.id}
    async with transaction(sessions) as session:
        await session.execute(insert(table).values({**keys, **row}))
    return Dish(keys["id"], str(row.get("handle", "")))
