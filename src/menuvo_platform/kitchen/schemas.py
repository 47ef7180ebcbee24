"""What the kitchen sees of an order."""

import uuid
from datetime import datetime

import msgspec

from menuvo_platform.orders.schemas import OrderedModifier


class TicketLine(msgspec.Struct, frozen=True, kw_only=True):
    order_id: uuid.UUID
    item_id: uuid.UUID
    quantity: int
    kitchen_name: str
    modifiers: tuple[OrderedModifier, ...]
    note: str
    allergens: tuple[str, ...]
    minimum_age: int | None

    @property
    def modifier_names(self) -> tuple[str, ...]:
        return tuple(modifier.kitchen_name for modifier in self.modifiers)


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    id: uuid.UUID
    number: int
    state: str
    revision: int
    """The store's counter at the last event of the order."""
    fulfilment: str
    service_point_name: str
    guest_name: str
    note: str
    allergy_note: str
    placed_at: datetime
    promised_at: datetime | None
    changed_at: datetime
    lines: tuple[TicketLine, ...] = ()

    @property
    def minimum_age(self) -> int | None:
        """Whoever serves it must see the guest's age first."""
        return max((line.minimum_age for line in self.lines if line.minimum_age), default=None)


class Tap(msgspec.Struct, frozen=True):
    """One step of an order, from the state that the cook saw. Its key names it, so that it counts
    once however often it is sent."""

    order_id: uuid.UUID
    from_state: str
    to_state: str
    key: str | None = None


class Board(msgspec.Struct, frozen=True):
    """Everything up to `revision` at least; what comes after it is to be followed."""

    revision: int
    open: tuple[Ticket, ...]
    """Longest waiting first."""
    done: tuple[Ticket, ...]
    """Completed lately, newest first."""
