"""Stores as the rest of the platform reads them."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from menuvo_platform.stores.hours import (
    OpeningHours,
    OpeningState,
    Slot,
    SpecialSlot,
    business_day,
)
from menuvo_platform.translated import Translated

# Tells whoever waits that a store changed. Losing it costs a moment and never an event.
Announce: TypeAlias = Callable[[uuid.UUID], Awaitable[None]]


class StoreView(msgspec.Struct, frozen=True, kw_only=True):
    """A store, its hours, and what its merchant decides for all of its stores."""

    id: uuid.UUID
    merchant_id: uuid.UUID
    slug: str
    name: str
    tagline: Translated
    street: str
    postal_code: str
    city: str
    country: str
    phone: str
    email: str
    time_zone: str
    currency: str
    day_starts_at: int
    fulfilments: tuple[str, ...]
    pay_at_counter: bool
    minutes_to_ready: int
    ordering_paused_until: datetime | None
    active: bool
    menu_revision: int
    languages: tuple[str, ...]
    """Of the merchant's content; the first is the fallback."""
    allergen_scheme: str
    slots: tuple[Slot, ...] = ()
    special: tuple[SpecialSlot, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def opening_at(self, now: datetime) -> OpeningState:
        return OpeningHours(self.zone, self.slots, self.special).state_at(now)

    def paused_at(self, now: datetime) -> bool:
        return self.ordering_paused_until is not None and now < self.ordering_paused_until

    def business_day_of(self, instant: datetime) -> date:
        return business_day(instant, self.zone, self.day_starts_at)

    def date_of(self, instant: datetime) -> date:
        """The calendar's date at the store, which tax goes by."""
        return instant.astimezone(self.zone).date()


class ServicePointView(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order is served, and the store it belongs to."""

    id: uuid.UUID
    store_id: uuid.UUID
    slug: str
    name: str
    zone: str
    token: str
    active: bool


class Turn(msgspec.Struct, frozen=True):
    """What the counter row of a store gave to one order."""

    revision: int
    business_day: date
    number: int
