"""Placing an order: a quote is accepted once, and priced again from the rows as they are now.

Nobody can bring a price: the quote is a row of ours, and it must still be true. The store is held
before anything else is read, so that no edit of its menu is missed (docs/decisions/0008). Locks are
taken in one order - store, quote, cart, the store's counter - so that no two guests wait for each
other.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import after_commit
from menuvo_platform.errors import Invalid, Refused
from menuvo_platform.ids import is_name
from menuvo_platform.menus.service import read_items
from menuvo_platform.orders import queries
from menuvo_platform.orders.acceptance import check_accepts, rates_at
from menuvo_platform.orders.carts import without
from menuvo_platform.orders.changes import LineChange, changes
from menuvo_platform.orders.notes import LONGEST_ALLERGY_NOTE, LONGEST_ORDER_NOTE, clean_note
from menuvo_platform.orders.pricing import price
from menuvo_platform.orders.quotes import QuoteUnknown
from menuvo_platform.orders.record import record_order
from menuvo_platform.orders.schemas import GuestWishes, PlacedOrder, PricedLine, Quote, Reader
from menuvo_platform.stores.schemas import Announce, ServicePointView, StoreView
from menuvo_platform.stores.service import find_service_point, hold_store

SHORTEST_NAME, LONGEST_NAME = 2, 100


class QuoteExpired(Refused):
    code: ClassVar[str] = "order.quote_expired"


class CartChanged(Refused):
    """The pieces were taken out of the cart, or ordered from another window."""

    code: ClassVar[str] = "order.cart_changed"


class MenuChanged(Refused):
    """Nothing was ordered; `changes` is what the guest must see first. Without any, it is the VAT
    that changed at midnight."""

    code: ClassVar[str] = "order.menu_changed"

    def __init__(self, changed: Sequence[LineChange]) -> None:
        self.changes: Sequence[LineChange] = changed
        super().__init__()


class GuestNameMissing(Invalid):
    code: ClassVar[str] = "order.guest_name"

    def __init__(self) -> None:
        super().__init__(fields={"guest_name": self.code}, least=SHORTEST_NAME)


async def place_order(
    session: AsyncSession,
    store: StoreView,
    quote_token: str,
    *,
    wishes: GuestWishes,
    now: datetime,
    announce: Announce,
) -> PlacedOrder:
    """Accepts the quote. A repeat - a second click, the back button, a lost answer - returns the
    same order, and says which wishes came too late for it. Raises what stands in the way, and then
    nothing was placed and the cart is whole."""
    store = await hold_store(session, store, now)
    quote = await _lock_quote(session, store, quote_token)
    known = await queries.find_order_of_quote(session, quote.id)
    if known is not None:
        return _as_it_was(known, wishes)
    if quote.expired_at(now):
        raise QuoteExpired
    wishes = _checked(wishes, quote)
    service_point = await _service_point(session, quote)
    check_accepts(store, quote.fulfilment, service_point, now=now)
    lines = await _price_again(session, store, quote, now=now)
    await _take_from_cart(session, store, quote, now=now)
    placed = await record_order(
        session,
        store,
        msgspec.structs.replace(quote, lines=lines),
        service_point=service_point,
        wishes=wishes,
        now=now,
    )
    after_commit(session, lambda: announce(store.id))
    return placed


async def _lock_quote(session: AsyncSession, store: StoreView, token: str) -> Quote:
    if not is_name(token):
        raise QuoteUnknown
    quote = await queries.find_quote(session, store.id, token, lock=True)
    if quote is None:
        raise QuoteUnknown
    return quote


def _as_it_was(known: queries.OrderOfQuote, wishes: GuestWishes) -> PlacedOrder:
    """The kitchen may have begun, so the order is not changed any more; but who wrote of another
    allergy this time must not believe that it was read."""
    heard = GuestWishes(known.guest_name, known.note, known.allergy_note)
    return PlacedOrder(known.id, known.number, known.tracking_token, wishes.unlike(heard))


def _checked(wishes: GuestWishes, quote: Quote) -> GuestWishes:
    name = clean_note(wishes.guest_name, LONGEST_NAME, field="guest_name")
    if quote.fulfilment == "pickup" and len(name) < SHORTEST_NAME:
        raise GuestNameMissing
    return GuestWishes(
        guest_name=name,
        note=clean_note(wishes.note, LONGEST_ORDER_NOTE),
        allergy_note=clean_note(wishes.allergy_note, LONGEST_ALLERGY_NOTE, field="allergy_note"),
    )


async def _service_point(session: AsyncSession, quote: Quote) -> ServicePointView | None:
    if quote.service_point_id is None:
        return None
    return await find_service_point(session, quote.service_point_id)


async def _price_again(
    session: AsyncSession, store: StoreView, quote: Quote, *, now: datetime
) -> tuple[PricedLine, ...]:
    """What is placed is what was offered, or nothing: raises MenuChanged."""
    items = await read_items(session, store.id, {line.choice.item for line in quote.lines})
    reader = Reader(quote.language, store.languages)
    priced = [price(line.choice, items, reader=reader, now=now) for line in quote.lines]
    changed = changes(quote.lines, priced)
    if changed or rates_at(store, quote.fulfilment, now) != quote.rates:
        raise MenuChanged(changed)
    return tuple(pricing.line for pricing in priced if pricing.line)


async def _take_from_cart(
    session: AsyncSession, store: StoreView, quote: Quote, *, now: datetime
) -> None:
    """Every piece in a cart is ordered once, however many windows have a quote of it."""
    cart = await queries.find_cart(session, store.id, quote.cart_token, lock=True)
    left = without(cart.lines, [line.choice for line in quote.lines]) if cart else None
    if cart is None or left is None:
        raise CartChanged
    await queries.change_cart(session, cart.id, left, now=now)
