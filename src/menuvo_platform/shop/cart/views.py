"""The cart as its guest sees it: every line at the price of now, or with what stands in its way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from menuvo_platform.orders.carts import CartLineView, CartView
from menuvo_platform.orders.pricing import MOST_PIECES
from menuvo_platform.orders.schemas import PricedLine, PricedModifier
from menuvo_platform.shop.opening import Opening, opening_of
from menuvo_platform.shop.venue import Venue
from menuvo_platform.web.catalogue import Catalogue
from menuvo_platform.web.formats import price_difference


@dataclass(frozen=True, slots=True)
class LineView:
    """`name` is empty and `goods_cents` None when the dish has left the menu."""

    id: str
    name: str
    quantity: int
    details: tuple[str, ...]
    goods_cents: int | None
    problems: tuple[str, ...]

    @property
    def more(self) -> int | None:
        return self.quantity + 1 if self.quantity < MOST_PIECES else None

    @property
    def fewer(self) -> int | None:
        """One piece is not made fewer but removed."""
        return self.quantity - 1 if self.quantity > 1 else None


@dataclass(frozen=True, slots=True)
class CartPage:
    lines: tuple[LineView, ...]
    currency: str
    time_zone: str
    goods_cents: int
    deposit_cents: int
    total_cents: int
    opening: Opening

    @property
    def has_problems(self) -> bool:
        return any(line.problems for line in self.lines)

    @property
    def can_be_ordered(self) -> bool:
        return self.opening.takes_orders and not self.has_problems


def cart_page(venue: Venue, cart: CartView, now: datetime, *, words: Catalogue) -> CartPage:
    totals = cart.totals
    return CartPage(
        lines=tuple(_line(venue, line, words) for line in cart.lines),
        currency=venue.store.currency,
        time_zone=venue.store.time_zone,
        goods_cents=totals.goods_cents,
        deposit_cents=totals.deposit_cents,
        total_cents=totals.total_cents,
        opening=opening_of(venue.store, now),
    )


def line_details(venue: Venue, line: PricedLine, words: Catalogue) -> tuple[str, ...]:
    return details(venue, line.modifiers, line.choice.note, words)


def details(
    venue: Venue, modifiers: Iterable[PricedModifier], note: str, words: Catalogue
) -> tuple[str, ...]:
    """What was chosen with a dish and what it adds, and the guest's wish."""
    currency, language = venue.store.currency, venue.language
    chosen = (
        f"{modifier.name} {price_difference(modifier.price_cents, currency, language)}".strip()
        for modifier in modifiers
    )
    return (*chosen, *([words.text("shop.cart.note", note=note)] if note else []))


def _line(venue: Venue, line: CartLineView, words: Catalogue) -> LineView:
    return LineView(
        id=line.id,
        name=line.line.name if line.line else "",
        quantity=line.choice.quantity,
        details=line_details(venue, line.line, words) if line.line else (),
        goods_cents=line.line.goods_cents if line.line else None,
        problems=tuple(words.error(problem) for problem in line.problems),
    )
