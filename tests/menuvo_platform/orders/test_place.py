import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import func, select, update

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.errors import DomainError
from menuvo_platform.ids import new_token
from menuvo_platform.menus.models import Item, Modifier
from menuvo_platform.menus.service import ItemUnknown
from menuvo_platform.orders.acceptance import OrderingPaused, PaymentMissing, StoreClosed
from menuvo_platform.orders.models import Order, OrderEvent, OrderLine, OrderTax
from menuvo_platform.orders.notes import NoteTooLong
from menuvo_platform.orders.place import (
    CartChanged,
    GuestNameMissing,
    MenuChanged,
    QuoteExpired,
)
from menuvo_platform.orders.pricing import SoldOut
from menuvo_platform.orders.quotes import QuoteUnknown
from menuvo_platform.orders.schemas import GuestWishes, PlacedOrder, Quote
from menuvo_platform.stores.models import OpeningSlot, ServicePoint, Store
from menuvo_platform.stores.service import StoreUnknown, TableInactive
from tests.menuvo_platform import rows
from tests.menuvo_platform.menus import dishes
from tests.menuvo_platform.orders.guests import NOW, Guest, seat


async def count_orders(sessions: Sessions, store: rows.StoreRow) -> int | None:
    async with transaction(sessions, store.merchant_id) as session:
        return await session.scalar(select(func.count(Order.id)).where(Order.store_id == store.id))


async def change_store(owner_sessions: Sessions, store: rows.StoreRow, **values: object) -> None:
    async with transaction(owner_sessions) as session:
        await session.execute(update(Store).where(Store.id == store.id).values(**values))


async def test_an_order_keeps_what_was_ordered_word_for_word(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    soup = await dishes.add_item(
        owner_sessions, guest.store, "Suppe", 600, kitchen_name="SUP", allergens=["celery"]
    )
    group = await dishes.add_group(owner_sessions, guest.store, [soup])
    shot = await dishes.add_modifier(
        owner_sessions, guest.store, group, "Sherry", 119, tax_category="drink"
    )
    beer = await dishes.add_item(
        owner_sessions,
        guest.store,
        "Bier",
        375,
        tax_category="drink",
        deposit_cents=25,
        minimum_age=16,
    )
    await guest.add(soup, shot, quantity=2, note="heiß")
    await guest.add(beer)
    quote = await guest.open_quote()
    wishes = GuestWishes(guest_name=" Kim ", note="Fenster", allergy_note="Nüsse")
    placed = await guest.place(quote.token, wishes=wishes)
    await dishes.change(owner_sessions, Item, soup, price_cents=1, name={"de": "Neu"})
    async with transaction(sessions, guest.store.merchant_id) as session:
        order = (await session.scalars(select(Order))).one()
        lines = (await session.scalars(select(OrderLine).order_by(OrderLine.position))).all()
        taxes = (await session.scalars(select(OrderTax).order_by(OrderTax.rate_basis_points))).all()
        event = (await session.scalars(select(OrderEvent))).one()
    assert placed == PlacedOrder(order.id, 1, order.tracking_token)
    assert (order.state, order.payment_state) == ("confirmed", "pay_at_counter")
    assert (order.service_point_name, order.guest_name) == ("Tisch 12", "Kim")
    assert (order.note, order.allergy_note, order.language) == ("Fenster", "Nüsse", "en")
    assert (order.goods_cents, order.deposit_cents, order.total_cents) == (1813, 25, 1838)
    assert order.promised_at == NOW + timedelta(minutes=20)
    assert order.business_day == date(2026, 11, 24)
    assert [
        (line.name, line.first_name, line.kitchen_name, line.quantity, line.unit_cents, line.note)
        for line in lines
    ] == [
        ("Suppe (en)", "Suppe", "SUP", 2, 719, "heiß"),
        ("Bier (en)", "Bier", "Bier", 1, 375, ""),
    ]
    assert (lines[0].allergens, lines[0].tax_basis_points) == (["celery"], 700)
    assert [(m["name"], m["tax_basis_points"]) for m in lines[0].modifiers] == [
        ("Sherry (en)", 1900)
    ]
    assert (lines[1].minimum_age, lines[1].deposit_cents) == (16, 25)
    assert [(tax.rate_basis_points, tax.gross_cents, tax.vat_cents) for tax in taxes] == [
        (700, 1200, 79),
        (1900, 638, 102),
    ]
    assert sum(tax.gross_cents for tax in taxes) == order.total_cents
    assert (event.from_state, event.to_state, event.revision) == (None, "confirmed", order.revision)
    assert guest.announced == [guest.store.id]
    assert (await guest.see_cart()).lines == ()


async def test_twenty_clicks_at_once_are_one_order(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    quote = await guest.open_quote()
    placed = await asyncio.gather(*(guest.place(quote.token) for _ in range(20)))
    assert len(set(placed)) == 1
    assert await count_orders(sessions, guest.store) == 1
    assert guest.announced == [guest.store.id]


async def test_the_back_button_hours_later_leads_to_the_same_order(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 600)
    await guest.add(soup)
    quote = await guest.open_quote()
    placed = await guest.place(quote.token)
    await dishes.change(owner_sessions, Item, soup, active=False)
    await change_store(owner_sessions, guest.store, pay_at_counter=False)
    assert await guest.place(quote.token, now=NOW + timedelta(hours=5)) == placed


async def test_a_repeat_with_other_wishes_is_the_same_order_and_says_which_were_not_heard(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    quote = await guest.open_quote()
    first = GuestWishes(guest_name="Kim", note="Fenster", allergy_note=" keine  Nüsse")
    placed = await guest.place(quote.token, wishes=first)
    assert placed.unheard == ()
    for wishes, unheard in (
        (first, ()),
        (replace(first, allergy_note="keine Nüsse "), ()),
        (replace(first, allergy_note=""), ("allergy_note",)),
        (replace(first, allergy_note="Sellerie", note=""), ("note", "allergy_note")),
        (replace(first, guest_name="K", allergy_note="x" * 501), ("guest_name", "allergy_note")),
    ):
        again = await guest.place(quote.token, wishes=wishes)
        assert again == msgspec.structs.replace(placed, unheard=unheard)
    assert await count_orders(sessions, guest.store) == 1
    async with transaction(sessions, guest.store.merchant_id) as session:
        order = (await session.scalars(select(Order))).one()
    assert (order.note, order.allergy_note) == ("Fenster", "keine Nüsse")


async def test_presses_with_different_wishes_at_once_are_one_order_and_one_of_them_is_heard(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    quote = await guest.open_quote()
    placed = await asyncio.gather(
        *(guest.place(quote.token, wishes=GuestWishes(allergy_note=f"{n}")) for n in range(6))
    )
    assert [order.unheard for order in placed].count(()) == 1
    assert len({order.id for order in placed}) == 1
    assert await count_orders(sessions, guest.store) == 1


async def test_two_windows_with_the_same_cart_order_it_once(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    quotes: list[Quote] = []
    for guest.language in ("de", "en"):
        quotes += [await guest.open_quote(), await guest.open_quote(fulfilment="pickup")]
    placed = await asyncio.gather(
        *(guest.place(quote.token, wishes=GuestWishes(guest_name="Kim")) for quote in quotes),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, PlacedOrder) for outcome in placed) == 1
    assert sum(isinstance(outcome, CartChanged) for outcome in placed) == 3
    assert await count_orders(sessions, guest.store) == 1


async def test_what_was_added_after_checkout_opened_stays_in_the_cart(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 600)
    await guest.add(soup)
    quote = await guest.open_quote()
    await guest.add(soup, quantity=2)
    await guest.place(quote.token)
    assert [line.choice.quantity for line in (await guest.see_cart()).lines] == [2]


@pytest.mark.parametrize("length", [22, 0, 200])
async def test_a_forged_quote_is_unknown(
    sessions: Sessions, owner_sessions: Sessions, length: int
) -> None:
    guest = await seat(sessions, owner_sessions)
    with pytest.raises(QuoteUnknown):
        await guest.place((new_token() * 10)[:length])


async def test_a_quote_of_another_store_is_unknown(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    quote = await guest.open_quote()
    sister = await rows.add_store(owner_sessions, merchant_id=guest.store.merchant_id)
    for store in (sister, await rows.add_store(owner_sessions)):
        with pytest.raises(QuoteUnknown):
            await Guest(sessions, store).place(quote.token)


async def test_an_expired_quote_places_nothing_and_keeps_the_cart(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    quote = await guest.open_quote()
    with pytest.raises(QuoteExpired):
        await guest.place(quote.token, now=NOW + timedelta(minutes=30))
    assert await count_orders(sessions, guest.store) == 0
    assert len((await guest.see_cart()).lines) == 1


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"price_cents": 650}, None),
        ({"deposit_cents": 25}, None),
        ({"sold_out_since": NOW}, SoldOut),
        ({"active": False}, ItemUnknown),
        ({"name": {"de": "Eintopf"}}, None),
        ({"allergens": ["milk"], "allergen_state": "listed"}, None),
    ],
)
async def test_a_menu_that_changed_is_shown_and_nothing_is_placed(
    sessions: Sessions,
    owner_sessions: Sessions,
    values: dict[str, object],
    problem: type[DomainError] | None,
) -> None:
    guest = await seat(sessions, owner_sessions)
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 600)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Tee", 300))
    await guest.add(soup)
    quote = await guest.open_quote()
    await dishes.change(owner_sessions, Item, soup, **values)
    with pytest.raises(MenuChanged) as caught:
        await guest.place(quote.token)
    (change,) = caught.value.changes
    assert (change.before.name, change.before.total_cents) == ("Suppe (en)", 600)
    assert change.problems or change.after != change.before
    assert [type(found) for found in change.problems] == ([problem] if problem else [])
    assert await count_orders(sessions, guest.store) == 0
    assert len((await guest.see_cart()).lines) == 2
    assert guest.announced == []


async def test_a_change_that_only_the_kitchen_sees_does_not_stop_an_order(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 600)
    group = await dishes.add_group(owner_sessions, guest.store, [soup])
    bread = await dishes.add_modifier(owner_sessions, guest.store, group, "Brot")
    await guest.add(soup, bread)
    quote = await guest.open_quote()
    await dishes.change(owner_sessions, Item, soup, kitchen_name="SUPPE!")
    await dishes.change(owner_sessions, Modifier, bread, kitchen_name="BROT!")
    await guest.place(quote.token)
    async with transaction(sessions, guest.store.merchant_id) as session:
        assert await session.scalar(select(OrderLine.kitchen_name)) == "SUPPE!"


async def test_a_rate_that_changes_at_midnight_is_shown_first(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    """As on 2026-01-01, when food on the premises went from 19 to 7 %."""
    new_year = datetime(2025, 12, 31, 23, tzinfo=UTC)  # midnight in Berlin
    guest = await seat(sessions, owner_sessions)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    quote = await guest.open_quote(now=new_year - timedelta(minutes=1))
    with pytest.raises(MenuChanged) as caught:
        await guest.place(quote.token, now=new_year)
    assert caught.value.changes == ()
    again = await guest.open_quote(now=new_year)
    await guest.place(again.token, now=new_year)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"active": False}, StoreUnknown),
        ({"pay_at_counter": False}, PaymentMissing),
        ({"ordering_paused_until": NOW + timedelta(minutes=1)}, OrderingPaused),
    ],
)
async def test_a_store_that_takes_no_orders_any_more_says_so(
    sessions: Sessions,
    owner_sessions: Sessions,
    values: dict[str, object],
    error: type[DomainError],
) -> None:
    guest = await seat(sessions, owner_sessions)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    quote = await guest.open_quote()
    await change_store(owner_sessions, guest.store, **values)
    with pytest.raises(error):
        await guest.place(quote.token)
    assert await count_orders(sessions, guest.store) == 0


async def test_a_store_that_closed_and_a_table_that_was_revoked_place_nothing(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    quote = await guest.open_quote()
    async with transaction(owner_sessions) as session:
        await session.execute(
            update(OpeningSlot)
            .where(OpeningSlot.store_id == guest.store.id)
            .values(opens_minute=0, closes_minute=780)  # NOW is 13:00 in Berlin
        )
    with pytest.raises(StoreClosed) as caught:
        await guest.place(quote.token)
    assert caught.value.opens_at == datetime(2026, 11, 24, 23, tzinfo=UTC)
    async with transaction(owner_sessions) as session:
        await session.execute(
            update(ServicePoint).where(ServicePoint.store_id == guest.store.id).values(active=False)
        )
    with pytest.raises(TableInactive):
        await guest.place(quote.token)


async def test_who_picks_up_has_a_name_and_notes_have_an_end(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    quote = await guest.open_quote(fulfilment="pickup")
    for wishes, error in (
        (GuestWishes(), GuestNameMissing),
        (GuestWishes(guest_name=" \x00 K"), GuestNameMissing),
        (GuestWishes(guest_name="Kim", note="x" * 1001), NoteTooLong),
        (GuestWishes(guest_name="Kim", allergy_note="x" * 501), NoteTooLong),
        (GuestWishes(guest_name="x" * 101), NoteTooLong),
    ):
        with pytest.raises(error):
            await guest.place(quote.token, wishes=wishes)
    await guest.place(quote.token, wishes=GuestWishes(guest_name="Kim"))


async def test_numbers_and_revisions_of_a_full_house_have_neither_gap_nor_double(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    store = await rows.add_store(owner_sessions)
    soup = await dishes.add_item(owner_sessions, store, "Suppe", 600)
    tea = await dishes.add_item(owner_sessions, store, "Tee", 300)
    guests = [await seat(sessions, owner_sessions, store) for _ in range(12)]
    for guest in guests:
        await guest.add(tea if guest is guests[0] else soup)
    quotes = [await guest.open_quote() for guest in guests]
    await dishes.change(owner_sessions, Item, tea, sold_out_since=NOW)
    outcomes = await asyncio.gather(
        *(guest.place(quote.token) for guest, quote in zip(guests, quotes, strict=True)),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], MenuChanged)
    placed = [outcome for outcome in outcomes if isinstance(outcome, PlacedOrder)]
    assert sorted(order.number for order in placed) == list(range(1, 12))
    async with transaction(sessions, store.merchant_id) as session:
        found = await session.scalars(select(OrderEvent.revision).order_by(OrderEvent.revision))
        assert found.all() == list(range(1, 12))


async def test_the_night_belongs_to_the_day_before(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 600)
    days: list[tuple[date, int]] = []
    for local_time in ("2026-11-24T23:00", "2026-11-25T04:59", "2026-11-25T05:00"):
        now = datetime.fromisoformat(f"{local_time}+01:00").astimezone(UTC)
        await guest.add(soup)
        quote = await guest.open_quote(now=now)
        placed = await guest.place(quote.token, now=now)
        async with transaction(sessions, guest.store.merchant_id) as session:
            day = await session.scalar(select(Order.business_day).where(Order.id == placed.id))
        assert day is not None
        days.append((day, placed.number))
    assert days == [
        (date(2026, 11, 24), 1),
        (date(2026, 11, 24), 2),
        (date(2026, 11, 25), 1),
    ]
