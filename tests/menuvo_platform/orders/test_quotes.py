from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.errors import DomainError
from menuvo_platform.ids import new_token
from menuvo_platform.menus.models import Item
from menuvo_platform.orders.acceptance import (
    FulfilmentOff,
    OrderingPaused,
    PaymentMissing,
    StoreClosed,
    TableMissing,
    TaxUnknown,
)
from menuvo_platform.orders.models import Quote as QuoteTable
from menuvo_platform.orders.pricing import SoldOut, taxes_of, totals
from menuvo_platform.orders.quotes import CartEmpty, QuoteUnknown, get_quote
from menuvo_platform.stores.models import Store
from menuvo_platform.stores.service import TableUnknown, get_store
from tests.menuvo_platform import rows
from tests.menuvo_platform.menus import dishes
from tests.menuvo_platform.orders.guests import NOW, Guest, seat


async def change_store(owner_sessions: Sessions, store: rows.StoreRow, **values: object) -> None:
    async with transaction(owner_sessions) as session:
        await session.execute(update(Store).where(Store.id == store.id).values(**values))


async def test_a_quote_keeps_what_was_offered_for_half_an_hour(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 1070)
    await guest.add(soup, quantity=2, note="heiß")
    made = await guest.open_quote()
    await dishes.change(owner_sessions, Item, soup, price_cents=9999)
    async with transaction(sessions, guest.store.merchant_id) as session:
        store = await get_store(session, guest.store.id, NOW)
        quote = await get_quote(session, store, made.token)
        for token in (new_token(), "", "nul\x00", "x" * 200):
            with pytest.raises(QuoteUnknown):
                await get_quote(session, store, token)
    assert quote == made
    assert [(line.name, line.choice.note) for line in quote.lines] == [("Suppe (en)", "heiß")]
    assert totals(quote.lines).total_cents == 2140
    assert [tax.vat_cents for tax in taxes_of(quote.lines, quote.rates)] == [140]
    assert not quote.expired_at(NOW + timedelta(minutes=29, seconds=59))
    assert quote.expired_at(NOW + timedelta(minutes=30))


async def test_an_offer_is_made_once_while_nothing_changes(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 600)
    await guest.add(soup)
    first = await guest.open_quote()
    assert await guest.open_quote(now=NOW + timedelta(minutes=9)) == first
    others = [await guest.open_quote(fulfilment="pickup")]
    others.append(await guest.open_quote(now=NOW + timedelta(minutes=10)))
    guest.language = "de"
    others.append(await guest.open_quote())
    guest.table = await rows.add_table(owner_sessions, guest.store)
    others.append(await guest.open_quote())
    await dishes.change(owner_sessions, Item, soup, price_cents=650)
    others.append(await guest.open_quote())
    await guest.add(soup)
    others.append(await guest.open_quote())
    assert len({quote.id for quote in (first, *others)}) == 7
    assert await guest.open_quote() == others[-1]


async def test_what_was_ordered_is_not_offered_again(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 600)
    placed: list[int] = []
    for _ in range(2):
        await guest.add(soup)
        placed.append((await guest.place((await guest.open_quote()).token)).number)
    assert placed == [1, 2]


async def test_checkout_does_not_open_without_something_that_can_be_had(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    with pytest.raises(CartEmpty):
        await guest.open_quote()
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 600)
    await guest.add(soup)
    await dishes.change(owner_sessions, Item, soup, sold_out_since=NOW)
    with pytest.raises(SoldOut):
        await guest.open_quote()
    async with transaction(sessions, guest.store.merchant_id) as session:
        assert await session.scalar(select(func.count(QuoteTable.id))) == 0


@pytest.mark.parametrize(
    ("values", "fulfilment", "error"),
    [
        ({"fulfilments": ["pickup"]}, "dine_in", FulfilmentOff),
        ({"fulfilments": ["delivery"]}, "delivery", FulfilmentOff),
        ({"active": True}, "no_such", FulfilmentOff),
        ({"pay_at_counter": False}, "dine_in", PaymentMissing),
        ({"ordering_paused_until": NOW + timedelta(minutes=10)}, "dine_in", OrderingPaused),
        ({"country": "FR"}, "dine_in", TaxUnknown),
    ],
)
async def test_checkout_does_not_open_when_the_store_takes_no_such_order(
    sessions: Sessions,
    owner_sessions: Sessions,
    values: dict[str, object],
    fulfilment: str,
    error: type[DomainError],
) -> None:
    guest = await seat(sessions, owner_sessions)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    await change_store(owner_sessions, guest.store, **values)
    with pytest.raises(error):
        await guest.open_quote(fulfilment=fulfilment)


async def test_a_pause_says_how_many_minutes_are_left(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    await guest.add(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    until = NOW + timedelta(minutes=4, seconds=1)
    await change_store(owner_sessions, guest.store, ordering_paused_until=until)
    with pytest.raises(OrderingPaused) as caught:
        await guest.open_quote()
    assert caught.value.facts == {"minutes": 5}
    assert await guest.open_quote(now=until)


async def test_a_closed_store_says_when_it_opens(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    store = await rows.add_store(owner_sessions, always_open=False)
    guest = await seat(sessions, owner_sessions, store)
    await guest.add(await dishes.add_item(owner_sessions, store, "Suppe", 600))
    with pytest.raises(StoreClosed) as caught:
        await guest.open_quote()
    assert caught.value.opens_at is None


async def test_who_eats_here_needs_a_table_of_this_store_and_who_picks_up_needs_none(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    guest = Guest(sessions, ours)
    await guest.add(await dishes.add_item(owner_sessions, ours, "Suppe", 600))
    with pytest.raises(TableMissing):
        await guest.open_quote()
    assert (await guest.open_quote(fulfilment="pickup")).service_point_id is None
    sister = await rows.add_store(owner_sessions, merchant_id=ours.merchant_id)
    guest.table = await rows.add_table(owner_sessions, sister)
    with pytest.raises(TableUnknown):
        await guest.open_quote()
