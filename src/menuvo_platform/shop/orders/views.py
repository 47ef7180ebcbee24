"""An order as its guest follows it: how far it is, when it comes, what it was and what it costs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from urllib.parse import urlencode

from menuvo_platform.orders import states
from menuvo_platform.orders.schemas import PlacedOrder, TrackedOrder
from menuvo_platform.shop.cart.views import details
from menuvo_platform.shop.venue import Venue
from menuvo_platform.web.catalogue import Catalogue
from menuvo_platform.web.formats import percent

# What a guest waits through; a cancelled order leaves this path.
PATH = ("confirmed", "preparing", "ready", "completed")
WAITING = ("confirmed", "preparing")

# The wishes of a guest, in the order in which they matter, as the address of an order names those
# that came too late for it. What was written stays out of addresses: they are kept in many places.
WISHES = ("allergy_note", "note", "guest_name")
UNHEARD = "unheard"

Progress: TypeAlias = Literal["done", "current", "next"]


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    at: datetime | None
    progress: Progress


@dataclass(frozen=True, slots=True)
class Line:
    quantity: int
    name: str
    details: tuple[str, ...]
    goods_cents: int


@dataclass(frozen=True, slots=True)
class OrderPage:
    """`minutes` are left of what was promised, while it is awaited from the kitchen."""

    title: str
    revision: int
    number: int
    state: str
    told: str
    at_table: bool
    table: str
    guest_name: str
    note: str
    allergy_note: str
    awaited: bool
    minutes: int
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    taxes: tuple[tuple[str, int], ...]
    currency: str
    time_zone: str
    goods_cents: int
    deposit_cents: int
    total_cents: int
    placed_at: datetime
    paid: bool


def order_address(venue: Venue, order: PlacedOrder) -> str:
    unheard = urlencode([(UNHEARD, wish) for wish in order.unheard])
    return f"{venue.path}/orders/{order.tracking_token}{'?' if unheard else ''}{unheard}"


def unheard_wishes(page: OrderPage, named: Collection[str], words: Catalogue) -> tuple[str, ...]:
    """What the order has instead of the wishes that came too late for it."""
    kept = {
        "allergy_note": ("shop.order.allergy", {"note": page.allergy_note}),
        "note": ("shop.order.note", {"note": page.note}),
        "guest_name": ("shop.order.for_name", {"name": page.guest_name}),
    }
    told: list[str] = []
    for wish in WISHES:
        message, facts = kept[wish]
        if wish in named and any(facts.values()):
            told.append(words.text(message, **facts))
        elif wish in named:
            told.append(words.text(f"shop.order.unheard.no_{wish}"))
    return tuple(told)


def order_page(venue: Venue, order: TrackedOrder, now: datetime, *, words: Catalogue) -> OrderPage:
    return OrderPage(
        title=words.text(
            "shop.order.page_title", number=order.number, state=_label(order, order.state, words)
        ),
        revision=order.revision,
        number=order.number,
        state=order.state,
        told=words.text(f"shop.order.told.{order.state}"),
        at_table=order.fulfilment == "dine_in",
        table=order.service_point_name,
        guest_name=order.guest_name,
        note=order.note,
        allergy_note=order.allergy_note,
        awaited=order.state in WAITING,
        minutes=_minutes(order, now),
        steps=_steps(order, words),
        lines=tuple(
            Line(
                quantity=line.quantity,
                name=line.name,
                details=details(venue, line.modifiers, line.note, words),
                goods_cents=line.total_cents,
            )
            for line in order.lines
        ),
        taxes=tuple(
            (percent(tax.rate_basis_points, venue.language), tax.vat_cents) for tax in order.taxes
        ),
        currency=order.currency,
        time_zone=venue.store.time_zone,
        goods_cents=order.goods_cents,
        deposit_cents=order.deposit_cents,
        total_cents=order.total_cents,
        placed_at=order.placed_at,
        paid=order.payment_state == "paid",
    )


def _minutes(order: TrackedOrder, now: datetime) -> int:
    """Until it was promised, rounded up; 0 when that is past."""
    if order.promised_at is None:
        return 0
    return max(0, -int((now - order.promised_at).total_seconds() // 60))


def _label(order: TrackedOrder, state: str, words: Catalogue) -> str:
    if state == "completed":
        return words.text(f"shop.order.completed.{order.fulfilment}")
    return words.text(states.message_id(state))


def _steps(order: TrackedOrder, words: Catalogue) -> tuple[Step, ...]:
    """Each state with the time it was last reached; none of it for an order off the path."""
    if order.state not in PATH:
        return ()
    reached = PATH.index(order.state)
    times = {event.to_state: event.at for event in order.events}
    return tuple(
        Step(
            label=_label(order, state, words),
            at=times.get(state) if position <= reached else None,
            progress=_progress(position, reached),
        )
        for position, state in enumerate(PATH)
    )


def _progress(position: int, reached: int) -> Progress:
    if position > reached:
        return "next"
    return "current" if position == reached < len(PATH) - 1 else "done"
