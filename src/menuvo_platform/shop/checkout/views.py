"""One offer as the guest sees it before accepting it: where, what, how much, and from whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from menuvo_platform.orders.acceptance import FULFILMENTS_TAKEN
from menuvo_platform.orders.changes import LineChange
from menuvo_platform.orders.pricing import totals
from menuvo_platform.orders.schemas import PricedLine, Quote
from menuvo_platform.shop.cart.views import line_details
from menuvo_platform.shop.legal.queries import Business
from menuvo_platform.shop.venue import Venue
from menuvo_platform.stores.schemas import ServicePointView
from menuvo_platform.web.catalogue import Catalogue

# Section 312j (3) BGB asks for these words, or such as say it as clearly. They stand here and not
# in a catalogue, because no translation and no theme may soften them.
PLACE_LABELS = {"de": "Zahlungspflichtig bestellen", "en": "Order with obligation to pay"}


@dataclass(frozen=True, slots=True)
class OfferedLine:
    quantity: int
    name: str
    details: tuple[str, ...]
    goods_cents: int


@dataclass(frozen=True, slots=True)
class Way:
    """A fulfilment that the guest may choose here."""

    key: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """`after_cents` is None when it cannot be had any more; `reasons` say why."""

    name: str
    before_cents: int
    after_cents: int | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    quote: str
    fulfilment: str
    table: str
    ways: tuple[Way, ...]
    asks_for_table: bool
    lines: tuple[OfferedLine, ...]
    currency: str
    goods_cents: int
    deposit_cents: int
    total_cents: int
    minutes: int
    seller: str
    place_label: str


def ways(venue: Venue, table: ServicePointView | None) -> tuple[str, ...]:
    """At the table first; without a table nothing can be served."""
    offered = [way for way in FULFILMENTS_TAKEN if way in venue.store.fulfilments]
    return tuple(way for way in offered if way != "dine_in" or table is not None)


def checkout_page(
    venue: Venue,
    quote: Quote,
    table: ServicePointView | None,
    business: Business,
    *,
    words: Catalogue,
) -> CheckoutPage:
    sums = totals(quote.lines)
    return CheckoutPage(
        quote=quote.token,
        fulfilment=quote.fulfilment,
        table=table.name if table else "",
        ways=tuple(
            Way(way, f"{venue.path}/checkout?fulfilment={way}", way == quote.fulfilment)
            for way in ways(venue, table)
        ),
        asks_for_table=table is None and "dine_in" in venue.store.fulfilments,
        lines=tuple(_line(venue, line, words) for line in quote.lines),
        currency=venue.store.currency,
        goods_cents=sums.goods_cents,
        deposit_cents=sums.deposit_cents,
        total_cents=sums.total_cents,
        minutes=venue.store.minutes_to_ready,
        seller=business.legal_name,
        place_label=PLACE_LABELS[words.language],
    )


def changed_lines(changes: Sequence[LineChange], words: Catalogue) -> tuple[ChangedLine, ...]:
    return tuple(
        ChangedLine(
            name=change.before.name,
            before_cents=change.before.goods_cents,
            after_cents=change.after.goods_cents if change.after and not change.problems else None,
            reasons=tuple(words.error(problem) for problem in change.problems),
        )
        for change in changes
    )


def _line(venue: Venue, line: PricedLine, words: Catalogue) -> OfferedLine:
    return OfferedLine(
        quantity=line.quantity,
        name=line.name,
        details=line_details(venue, line, words),
        goods_cents=line.goods_cents,
    )
