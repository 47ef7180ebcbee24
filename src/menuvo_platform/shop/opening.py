"""Whether a store is open, as its guests are told."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal, TypeAlias

from menuvo_platform.stores.schemas import StoreView

Day: TypeAlias = Literal["today", "tomorrow", "this_week", "later", "never"]


@dataclass(frozen=True, slots=True)
class Opening:
    """`changes_at` is when it closes or opens, and `day` says how far away that is."""

    is_open: bool
    changes_at: datetime | None
    day: Day
    paused_until: datetime | None

    @property
    def takes_orders(self) -> bool:
        return self.is_open and self.paused_until is None


def opening_of(store: StoreView, now: datetime) -> Opening:
    state = store.opening_at(now)
    return Opening(
        is_open=state.open,
        changes_at=state.changes_at,
        day=_day_of(store, now, state.changes_at),
        paused_until=store.ordering_paused_until if store.paused_at(now) else None,
    )


def next_midnight(store: StoreView, now: datetime) -> datetime:
    """When "tomorrow" becomes "today"."""
    tomorrow = store.date_of(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=store.zone)


def _day_of(store: StoreView, now: datetime, instant: datetime | None) -> Day:
    if instant is None:
        return "never"
    days = (store.date_of(instant) - store.date_of(now)).days
    if days < 2:
        return "tomorrow" if days else "today"
    return "this_week" if days < 7 else "later"
