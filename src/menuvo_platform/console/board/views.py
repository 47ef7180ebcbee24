"""Tickets as the kitchen reads them, and the columns they stand in."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from menuvo_platform.kitchen.schemas import Board, Ticket, TicketLine
from menuvo_platform.orders.states import back_of, forward_of
from menuvo_platform.web.catalogue import Catalogue

# The columns in the order of work; what is done stays for a while, in case it was a slip.
COLUMNS = ("confirmed", "preparing", "ready", "completed")
MOST_DONE = 6


@dataclass(frozen=True, slots=True)
class LineView:
    quantity: int
    name: str
    modifiers: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class TicketView:
    """What the macro `ticket` of components/board.html shows. `sort` orders a column as text."""

    id: uuid.UUID
    number: int
    place: str
    state: str
    revision: int
    sort: str
    placed_at: str
    due_seconds: int
    age: str
    age_seconds: int
    allergy: str
    note: str
    age_check: str
    lines: tuple[LineView, ...]
    forward: str
    back: str


@dataclass(frozen=True, slots=True)
class Column:
    state: str
    next: str | None
    tickets: tuple[TicketView, ...]


@dataclass(frozen=True, slots=True)
class TicketWriter:
    """Turns tickets into views: `base` is the store's address, ages are those of `now`."""

    base: str
    minutes_to_ready: int
    catalogue: Catalogue
    now: datetime

    def write(self, ticket: Ticket) -> TicketView:
        age_seconds = max(0, int((self.now - ticket.placed_at).total_seconds()))
        return TicketView(
            id=ticket.id,
            number=ticket.number,
            place=self._place(ticket),
            state=ticket.state,
            revision=ticket.revision,
            sort=_sort_key(ticket),
            placed_at=ticket.placed_at.isoformat(),
            due_seconds=self._due_seconds(ticket),
            age=self.catalogue.text("console.board.age", n=age_seconds // 60),
            age_seconds=age_seconds,
            allergy=ticket.allergy_note,
            note=ticket.note,
            age_check=self._age_check(ticket),
            lines=tuple(_line(line) for line in ticket.lines),
            forward=f"{self.base}/board/orders/{ticket.id}/forward",
            back=f"{self.base}/board/orders/{ticket.id}/back",
        )

    def _place(self, ticket: Ticket) -> str:
        place = ticket.service_point_name or ticket.guest_name
        return place or self.catalogue.text(f"console.fulfilment.{ticket.fulfilment}")

    def _due_seconds(self, ticket: Ticket) -> int:
        promised = ticket.promised_at or ticket.placed_at + timedelta(minutes=self.minutes_to_ready)
        return max(60, int((promised - ticket.placed_at).total_seconds()))

    def _age_check(self, ticket: Ticket) -> str:
        if ticket.minimum_age is None:
            return ""
        return self.catalogue.text("console.board.age_check", years=ticket.minimum_age)


def columns(board: Board, writer: TicketWriter) -> tuple[Column, ...]:
    latest = board.done[:MOST_DONE]
    return tuple(
        Column(
            state=state,
            next=forward_of(state),
            tickets=tuple(
                sorted(
                    (
                        writer.write(ticket)
                        for ticket in (*board.open, *latest)
                        if ticket.state == state
                    ),
                    key=lambda ticket: ticket.sort,
                )
            ),
        )
        for state in COLUMNS
    )


def goes_back(state: str) -> bool:
    return back_of(state) in COLUMNS


def _sort_key(ticket: Ticket) -> str:
    """Oldest first; what is done, by when it was done."""
    instant = ticket.changed_at if ticket.state == "completed" else ticket.placed_at
    return f"{int(instant.timestamp() * 1_000_000):020d}"


def _line(line: TicketLine) -> LineView:
    return LineView(line.quantity, line.kitchen_name, line.modifier_names, line.note)


@dataclass(frozen=True, slots=True)
class StockLine:
    """An item on the list from which the kitchen takes it off the menu."""

    id: uuid.UUID
    name: str
    category: str
    sold_out: bool
    sold_out_until: datetime | None


def sold_out_first(lines: Sequence[StockLine]) -> tuple[StockLine, ...]:
    """Otherwise in the order of the menu."""
    return tuple(sorted(lines, key=lambda line: not line.sold_out))
