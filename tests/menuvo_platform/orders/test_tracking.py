import pytest

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_token
from menuvo_platform.kitchen.schemas import Tap
from menuvo_platform.kitchen.service import move_order
from menuvo_platform.menus.models import Item
from menuvo_platform.money import Tax
from menuvo_platform.orders.schemas import TrackedEvent, TrackedOrder
from menuvo_platform.orders.tracking import OrderUnknown, find_change, get_tracked_order
from tests.menuvo_platform import rows
from tests.menuvo_platform.menus import dishes
from tests.menuvo_platform.orders.guests import NOW, Guest, seat


async def track(
    sessions: Sessions, store: rows.StoreRow, token: str, *, after: int | None = None
) -> TrackedOrder | None:
    async with transaction(sessions, store.merchant_id) as session:
        if after is None:
            return await get_tracked_order(session, store.id, token)
        return await find_change(session, store.id, token, after=after)


async def start_cooking(guest: Guest, owner_sessions: Sessions, order: TrackedOrder) -> None:
    user_id = await rows.add_user(owner_sessions)

    async def announce(_: object) -> None:
        """Nobody listens."""

    async with transaction(guest.sessions, guest.store.merchant_id) as session:
        await move_order(
            session,
            guest.store.id,
            Tap(order.id, "confirmed", "preparing"),
            user_id=user_id,
            now=NOW,
            announce=announce,
        )


async def test_a_guest_follows_the_order_in_the_language_it_was_placed_in(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 1070, deposit_cents=107)
    group = await dishes.add_group(owner_sessions, guest.store, [soup])
    bread = await dishes.add_modifier(owner_sessions, guest.store, group, "Brot")
    await guest.add(soup, bread, quantity=2, note="hot")
    placed = await guest.place((await guest.open_quote()).token)
    await dishes.change(owner_sessions, Item, soup, name={"de": "Anderes"}, price_cents=1)
    order = await track(sessions, guest.store, placed.tracking_token)
    assert order is not None
    assert (order.number, order.state, order.language) == (1, "confirmed", "en")
    assert (order.goods_cents, order.deposit_cents, order.total_cents) == (2140, 214, 2354)
    assert order.taxes == (Tax(700, 2354, 154),)
    assert order.events == (TrackedEvent("confirmed", NOW),)
    assert order.promised_at is not None
    (line,) = order.lines
    assert (line.name, line.quantity, line.unit_cents, line.note) == ("Suppe (en)", 2, 1070, "hot")
    assert [modifier.name for modifier in line.modifiers] == ["Brot (en)"]


async def test_only_what_is_newer_is_a_change(sessions: Sessions, owner_sessions: Sessions) -> None:
    guest = await seat(sessions, owner_sessions)
    placed = await guest.order(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    order = await track(sessions, guest.store, placed.tracking_token, after=0)
    assert order is not None
    assert await track(sessions, guest.store, placed.tracking_token, after=order.revision) is None
    await start_cooking(guest, owner_sessions, order)
    changed = await track(sessions, guest.store, placed.tracking_token, after=order.revision)
    assert changed is not None
    assert (changed.state, changed.revision) == ("preparing", order.revision + 1)
    assert [event.to_state for event in changed.events] == ["confirmed", "preparing"]


async def test_an_address_that_is_not_of_this_stores_order_is_unknown(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    placed = await guest.order(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    sister = await rows.add_store(owner_sessions, merchant_id=guest.store.merchant_id)
    for store, token in (
        (sister, placed.tracking_token),
        (await rows.add_store(owner_sessions), placed.tracking_token),
        (guest.store, new_token()),
        (guest.store, ""),
        (guest.store, "nul\x00"),
    ):
        for after in (None, 0):
            with pytest.raises(OrderUnknown):
                await track(sessions, store, token, after=after)
