"""The cart: what a guest has chosen so far, named by a token in the guest's cookie.

Nothing in it has a price. Every look at it is priced against the menu as it is now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.errors import DomainError, Refused
from menuvo_platform.ids import is_name, new_handle, new_token
from menuvo_platform.menus.service import read_items
from menuvo_platform.orders import queries
from menuvo_platform.orders.pricing import (
    MOST_PIECES,
    Pricing,
    QuantityInvalid,
    Totals,
    price,
    totals,
)
from menuvo_platform.orders.schemas import AddedChoice, CartLine, Choice, PricedLine, Reader
from menuvo_platform.stores.schemas import StoreView

MOST_LINES = 50
# Who presses again does so at once; what lies further back was a page of its own.
MOST_REMEMBERED = 20

CartLines: TypeAlias = tuple[CartLine, ...]


class CartFull(Refused):
    code: ClassVar[str] = "order.cart_full"


@dataclass(frozen=True, slots=True)
class CartLineView:
    """`line` is None when the dish is no longer on the menu."""

    id: str
    choice: Choice
    line: PricedLine | None
    problems: tuple[DomainError, ...]


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart at the prices of now. `token` is None while the guest has none."""

    token: str | None
    lines: tuple[CartLineView, ...]

    @property
    def priced(self) -> tuple[PricedLine, ...]:
        """What could be ordered now."""
        return tuple(line.line for line in self.lines if line.line and not line.problems)

    @property
    def problems(self) -> tuple[DomainError, ...]:
        return tuple(problem for line in self.lines for problem in line.problems)

    @property
    def totals(self) -> Totals:
        """Of what could be ordered now; the guest's bar shows its pieces and total."""
        return totals(self.priced)


async def view_cart(
    session: AsyncSession, store: StoreView, *, token: str | None, reader: Reader, now: datetime
) -> CartView:
    cart = await queries.find_cart(session, store.id, token) if token and is_name(token) else None
    if cart is None:
        return CartView(None, ())
    return await _priced(session, store, cart.token, cart.lines, reader=reader, now=now)


async def add_to_cart(
    session: AsyncSession,
    store: StoreView,
    choice: Choice,
    *,
    key: str,
    token: str | None,
    reader: Reader,
    now: datetime,
) -> CartView:
    """Raises the first problem of the choice; makes a cart for a guest who has none here.

    `key` is of the page whose button was pressed. The same choice of the same page again, after a
    lost answer, changes nothing; another choice of it takes the place of the first one.
    """
    cart = await _lock_cart(session, store, token)
    before = (
        next((added.choice for added in cart.added if added.key == key), None) if cart else None
    )
    if cart is not None and before == choice:
        return await _priced(session, store, cart.token, cart.lines, reader=reader, now=now)
    items = await read_items(session, store.id, [choice.item])
    problems = price(choice, items, reader=reader, now=now).problems
    if problems:
        raise problems[0]
    if cart is None:
        # A token is always made here: one that a link brought along could be known to others.
        cart = await queries.insert_cart(session, store.id, new_token(), now=now)
    lines = with_choice(without_first(cart.lines, before), choice)
    added = with_added(cart.added, AddedChoice(key, choice))
    await queries.change_cart(session, cart.id, lines, now=now, added=added)
    return await _priced(session, store, cart.token, lines, reader=reader, now=now)


async def change_quantity(
    session: AsyncSession,
    store: StoreView,
    line_id: str,
    quantity: int,
    *,
    token: str | None,
    reader: Reader,
    now: datetime,
) -> CartView:
    """0 removes the line. A line that is gone already stays gone: the second of two taps."""
    if not 0 <= quantity <= MOST_PIECES:
        raise QuantityInvalid
    cart = await _lock_cart(session, store, token)
    if cart is None:
        return CartView(None, ())
    lines = with_quantity(cart.lines, line_id, quantity)
    await queries.change_cart(session, cart.id, lines, now=now)
    return await _priced(session, store, cart.token, lines, reader=reader, now=now)


def with_choice(lines: CartLines, choice: Choice) -> CartLines:
    """Joined to the line of its kind, or as a new one at the end."""
    for line in lines:
        if line.choice.kind == choice.kind:
            quantity = line.choice.quantity + choice.quantity
            if quantity > MOST_PIECES:
                raise QuantityInvalid
            return with_quantity(lines, line.id, quantity)
    if len(lines) >= MOST_LINES:
        raise CartFull(most=MOST_LINES)
    return (*lines, CartLine(new_handle(), choice))


def with_quantity(lines: CartLines, line_id: str, quantity: int) -> CartLines:
    return tuple(
        line if line.id != line_id else CartLine(line.id, _of(line.choice, quantity))
        for line in lines
        if line.id != line_id or quantity > 0
    )


def without(lines: CartLines, ordered: Sequence[Choice]) -> CartLines | None:
    """What is left when the ordered pieces are taken out, or None when they are not all there."""
    for choice in ordered:
        line = next((line for line in lines if line.choice.kind == choice.kind), None)
        if line is None or line.choice.quantity < choice.quantity:
            return None
        lines = with_quantity(lines, line.id, line.choice.quantity - choice.quantity)
    return lines


def without_first(lines: CartLines, first: Choice | None) -> CartLines:
    """Unless it was changed or ordered meanwhile: then it is no longer the page's to take back."""
    left = without(lines, [first]) if first else None
    return lines if left is None else left


def with_added(known: Sequence[AddedChoice], added: AddedChoice) -> tuple[AddedChoice, ...]:
    """The last ones, each page once."""
    others = (other for other in known if other.key != added.key)
    return (*others, added)[-MOST_REMEMBERED:]


def _of(choice: Choice, quantity: int) -> Choice:
    return msgspec.structs.replace(choice, quantity=quantity)


async def _lock_cart(
    session: AsyncSession, store: StoreView, token: str | None
) -> queries.CartRow | None:
    if token is None or not is_name(token):
        return None
    return await queries.find_cart(session, store.id, token, lock=True)


async def _priced(
    session: AsyncSession,
    store: StoreView,
    token: str,
    lines: CartLines,
    *,
    reader: Reader,
    now: datetime,
) -> CartView:
    items = await read_items(session, store.id, {line.choice.item for line in lines})

    def view(line: CartLine) -> CartLineView:
        pricing: Pricing = price(line.choice, items, reader=reader, now=now)
        return CartLineView(line.id, line.choice, pricing.line, pricing.problems)

    return CartView(token, tuple(view(line) for line in lines))
