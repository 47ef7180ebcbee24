"""Reading a menu, and taking a dish off it for a while."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import after_commit
from menuvo_platform.errors import Invalid, NotFound
from menuvo_platform.ids import is_name
from menuvo_platform.menus import queries
from menuvo_platform.menus.schemas import Menu, MenuGroup, MenuItem
from menuvo_platform.merchants.service import record_change
from menuvo_platform.stores.schemas import Announce, StoreView


class ItemUnknown(NotFound):
    code: ClassVar[str] = "item.unknown"


class SoldOutUntilThePast(Invalid):
    code: ClassVar[str] = "item.sold_out_until_the_past"


async def read_menu(session: AsyncSession, store_id: uuid.UUID) -> Menu:
    """Whatever is active, in the order of the menu; a category without items is left out."""
    categories = await queries.list_categories(session, store_id)
    by_category: defaultdict[uuid.UUID, list[MenuItem]] = defaultdict(list)
    for item in await _with_groups(session, await queries.list_items(session, store_id)):
        by_category[item.category_id].append(item)
    return Menu(
        tuple(
            msgspec.structs.replace(category, items=tuple(by_category[category.id]))
            for category in categories
            if category.id in by_category
        )
    )


async def read_items(
    session: AsyncSession, store_id: uuid.UUID, handles: Collection[str]
) -> Mapping[str, MenuItem]:
    """Those of the handles that are on the menu now, by handle."""
    wellformed = {handle for handle in handles if is_name(handle)}
    items = await queries.list_items(session, store_id, wellformed)
    return {item.handle: item for item in await _with_groups(session, items)}


async def get_item_by_handle(session: AsyncSession, store_id: uuid.UUID, handle: str) -> MenuItem:
    """Raises ItemUnknown."""
    item = (await read_items(session, store_id, [handle])).get(handle)
    if item is None:
        raise ItemUnknown
    return item


def next_change(store: StoreView, menu: Menu, now: datetime) -> datetime | None:
    """When the menu changes without anybody changing it: the store opens or closes, takes orders
    again, or something is back. None is never."""
    modifiers = (
        modifier for item in menu.items for group in item.groups for modifier in group.modifiers
    )
    instants = [store.opening_at(now).changes_at, store.ordering_paused_until]
    instants += [stocked.sold_out_until for stocked in (*menu.items, *modifiers)]
    return min((instant for instant in instants if instant and instant > now), default=None)


async def mark_sold_out(
    session: AsyncSession,
    store_id: uuid.UUID,
    item_id: uuid.UUID,
    *,
    until: datetime | None,
    user_id: uuid.UUID,
    now: datetime,
    announce: Announce,
) -> None:
    """For all guests at once, until an instant or until it is undone. Repeating it is fine."""
    if until is not None and until <= now:
        raise SoldOutUntilThePast(fields={"until": SoldOutUntilThePast.code})
    if not await queries.change_stock(session, store_id, item_id, since=now, until=until):
        raise ItemUnknown
    await record_change(
        session, "item.sold_out", subject=("item", item_id), user_id=user_id, at=now
    )
    after_commit(session, lambda: announce(store_id))


async def mark_available(
    session: AsyncSession,
    store_id: uuid.UUID,
    item_id: uuid.UUID,
    *,
    user_id: uuid.UUID,
    now: datetime,
    announce: Announce,
) -> None:
    if not await queries.change_stock(session, store_id, item_id, since=None, until=None):
        raise ItemUnknown
    await record_change(
        session, "item.available", subject=("item", item_id), user_id=user_id, at=now
    )
    after_commit(session, lambda: announce(store_id))


async def _with_groups(session: AsyncSession, items: Sequence[MenuItem]) -> list[MenuItem]:
    links = await queries.list_groups_of_items(session, [item.id for item in items])
    groups = await _read_groups(session, {link.group_id for link in links})
    by_item: defaultdict[uuid.UUID, list[MenuGroup]] = defaultdict(list)
    for link in links:
        if link.group_id in groups:
            by_item[link.item_id].append(groups[link.group_id])
    return [msgspec.structs.replace(item, groups=tuple(by_item[item.id])) for item in items]


async def _read_groups(
    session: AsyncSession, group_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, MenuGroup]:
    """A group without an active modifier offers nothing, so it is left out."""
    if not group_ids:
        return {}
    modifiers: defaultdict[uuid.UUID, list[queries.ModifierOfGroup]] = defaultdict(list)
    for modifier in await queries.list_modifiers(session, group_ids):
        modifiers[modifier.group_id].append(modifier)
    return {
        group.id: msgspec.structs.replace(group, modifiers=tuple(modifiers[group.id]))
        for group in await queries.list_groups(session, group_ids)
        if group.id in modifiers
    }
