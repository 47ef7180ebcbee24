import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.images.models import Image
from menuvo_platform.menus.models import Item
from menuvo_platform.menus.schemas import Picture, Stock
from menuvo_platform.menus.service import (
    ItemUnknown,
    SoldOutUntilThePast,
    get_item_by_handle,
    mark_available,
    mark_sold_out,
    next_change,
    read_items,
    read_menu,
)
from menuvo_platform.merchants.models import AuditEntry
from menuvo_platform.stores.service import get_store, pause_ordering
from tests.menuvo_platform import rows
from tests.menuvo_platform.menus import dishes

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def announce(store_id: uuid.UUID) -> None:
    """Nobody listens."""


async def test_a_menu_has_its_categories_items_groups_and_modifiers_in_order(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    drinks = await dishes.add_category(owner_sessions, ours, "Getränke", position=2)
    food = await dishes.add_category(owner_sessions, ours, "Speisen", position=1)
    steak = await dishes.add_item(owner_sessions, ours, "Steak", 2400, category_id=food, position=2)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600, category_id=food, position=1)
    await dishes.add_item(owner_sessions, ours, "Wasser", 300, category_id=drinks)
    sauces = await dishes.add_group(owner_sessions, ours, [steak], position=2, free=1)
    await dishes.add_modifier(owner_sessions, ours, sauces, "Senf", 50, position=2)
    await dishes.add_modifier(owner_sessions, ours, sauces, "Ketchup", 80, position=1)
    sides = await dishes.add_group(owner_sessions, ours, [steak, soup], position=1, least=1, most=1)
    await dishes.add_modifier(owner_sessions, ours, sides, "Pommes")
    async with transaction(sessions, ours.merchant_id) as session:
        menu = await read_menu(session, ours.id)
    assert [category.name["de"] for category in menu.categories] == ["Speisen", "Getränke"]
    assert [item.name["de"] for item in menu.items] == ["Suppe", "Steak", "Wasser"]
    found = next(item for item in menu.items if item.handle == steak.handle)
    assert [group.id for group in found.groups] == [sides, sauces]
    assert (found.groups[0].min_choices, found.groups[1].free_choices) == (1, 1)
    assert [m.name["de"] for m in found.groups[1].modifiers] == ["Ketchup", "Senf"]


async def test_what_is_inactive_or_of_another_store_is_not_on_the_menu(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours, theirs = await rows.add_store(owner_sessions), await rows.add_store(owner_sessions)
    shown = await dishes.add_item(owner_sessions, ours, "Suppe", 600)
    hidden = await dishes.add_item(owner_sessions, ours, "Probe", 600, active=False)
    closed = await dishes.add_category(owner_sessions, ours, "Sommer", active=False)
    summer = await dishes.add_item(owner_sessions, ours, "Eis", 300, category_id=closed)
    foreign = await dishes.add_item(owner_sessions, theirs, "Fremdes", 100)
    group = await dishes.add_group(owner_sessions, ours, [shown])
    await dishes.add_modifier(owner_sessions, ours, group, "Brot", active=False)
    handles = [dish.handle for dish in (shown, hidden, summer, foreign)]
    async with transaction(sessions, ours.merchant_id) as session:
        menu = await read_menu(session, ours.id)
        assert [item.handle for item in menu.items] == [shown.handle]
        assert next(menu.items).groups == ()  # it offers nothing any more
        assert (await read_items(session, ours.id, handles)).keys() == {shown.handle}
        assert (await get_item_by_handle(session, ours.id, shown.handle)).id == shown.id
        for handle in (*handles[1:], "", "nul\x00"):
            with pytest.raises(ItemUnknown):
                await get_item_by_handle(session, ours.id, handle)


@pytest.mark.parametrize("state", ["ready", "processing"])
async def test_a_picture_is_shown_when_it_is_ready(
    sessions: Sessions, owner_sessions: Sessions, state: str
) -> None:
    ours = await rows.add_store(owner_sessions)
    image_id = new_id()
    async with transaction(owner_sessions) as session:
        await session.execute(
            insert(Image).values(
                id=image_id,
                merchant_id=ours.merchant_id,
                sha256="ab" * 32,
                content_type="image/jpeg",
                bytes=10,
                state=state,
                width=1000,
                height=750,
                widths=[320, 800],
                colour="#aabbcc",
            )
        )
    await dishes.add_item(owner_sessions, ours, "Suppe", 600, image_id=image_id)
    picture = Picture("ab" * 32, 1000, 750, (320, 800), "#aabbcc")
    async with transaction(sessions, ours.merchant_id) as session:
        (item,) = (await read_menu(session, ours.id)).items
    assert item.picture == (picture if state == "ready" else None)


def test_sold_out_begins_at_once_and_ends_by_itself_or_never() -> None:
    assert not Stock().sold_out_at(NOW)
    assert Stock(sold_out_since=NOW).sold_out_at(NOW)
    for_an_hour = Stock(sold_out_since=NOW, sold_out_until=NOW + HOUR)
    assert for_an_hour.sold_out_at(NOW + HOUR - timedelta(microseconds=1))
    assert not for_an_hour.sold_out_at(NOW + HOUR)
    assert not for_an_hour.sold_out_at(NOW - HOUR)


async def test_a_sold_out_tap_is_seen_by_all_guests_and_can_be_undone(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    user_id = await rows.add_user(owner_sessions)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600)
    told: list[uuid.UUID] = []

    async def tell(store_id: uuid.UUID) -> None:
        told.append(store_id)

    async def revision_and_state() -> tuple[int, bool, int | None]:
        async with transaction(sessions, ours.merchant_id) as session:
            store = await get_store(session, ours.id, NOW)
            item = await get_item_by_handle(session, ours.id, soup.handle)
            version = await session.scalar(select(Item.version))
            return store.menu_revision, item.sold_out_at(NOW), version

    before, _, _ = await revision_and_state()
    async with transaction(sessions, ours.merchant_id) as session:
        await mark_sold_out(
            session, ours.id, soup.id, until=NOW + HOUR, user_id=user_id, now=NOW, announce=tell
        )
        assert told == []
    assert await revision_and_state() == (before + 1, True, 1)
    async with transaction(sessions, ours.merchant_id) as session:
        await mark_available(session, ours.id, soup.id, user_id=user_id, now=NOW, announce=tell)
    assert await revision_and_state() == (before + 2, False, 1)
    assert told == [ours.id, ours.id]
    async with transaction(sessions, ours.merchant_id) as session:
        entries = await session.execute(select(AuditEntry.action, AuditEntry.subject_id))
        assert entries.all() == [("item.sold_out", soup.id), ("item.available", soup.id)]


async def test_what_cannot_be_sold_out_is_refused(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours, theirs = await rows.add_store(owner_sessions), await rows.add_store(owner_sessions)
    user_id = await rows.add_user(owner_sessions)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600)
    foreign = await dishes.add_item(owner_sessions, theirs, "Fremdes", 100)
    for dish, until, error in (
        (soup, NOW, SoldOutUntilThePast),
        (foreign, None, ItemUnknown),
        (dishes.Dish(new_id(), ""), None, ItemUnknown),
    ):
        async with transaction(sessions, ours.merchant_id) as session:
            with pytest.raises(error):
                await mark_sold_out(
                    session,
                    ours.id,
                    dish.id,
                    until=until,
                    user_id=user_id,
                    now=NOW,
                    announce=announce,
                )


async def test_the_menu_knows_when_it_changes_by_itself(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)  # around the clock
    user_id = await rows.add_user(owner_sessions)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600)
    group = await dishes.add_group(owner_sessions, ours, [soup])

    async def changes_at(now: datetime) -> datetime | None:
        async with transaction(sessions, ours.merchant_id) as session:
            store = await get_store(session, ours.id, now)
            return next_change(store, await read_menu(session, ours.id), now)

    assert await changes_at(NOW) is None
    async with transaction(sessions, ours.merchant_id) as session:
        await pause_ordering(
            session, ours.id, minutes=180, user_id=user_id, now=NOW, announce=announce
        )
    assert await changes_at(NOW) == NOW + 3 * HOUR
    await dishes.change(
        owner_sessions, Item, soup, sold_out_since=NOW, sold_out_until=NOW + 2 * HOUR
    )
    assert await changes_at(NOW) == NOW + 2 * HOUR
    await dishes.add_modifier(
        owner_sessions, ours, group, "Brot", sold_out_since=NOW, sold_out_until=NOW + HOUR
    )
    assert await changes_at(NOW) == NOW + HOUR
    assert await changes_at(NOW + HOUR) == NOW + 2 * HOUR
    assert await changes_at(NOW + 3 * HOUR) is None
