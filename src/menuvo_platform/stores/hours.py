"""When a store is open: local minutes of weekdays, and dates that replace them.

A local time that does not exist, because the clock is put forward, moves forward by as much; of a
local time that comes twice the first is meant. That is what `fold=0` does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
# What did not change by then, after the last special day, never does.
RHYTHM = 8 * DAY


@dataclass(frozen=True, slots=True)
class Slot:
    """Local minutes of a weekday (Monday is 0); past midnight is above 1440."""

    weekday: int
    opens_minute: int
    closes_minute: int


@dataclass(frozen=True, slots=True)
class SpecialSlot:
    """Replaces the slots of the weekday on its date; without minutes it is closed."""

    day: date
    opens_minute: int | None
    closes_minute: int | None


@dataclass(frozen=True, slots=True)
class OpeningState:
    """`changes_at` is when an open store closes, or when a closed one opens; None is never."""

    open: bool
    changes_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    zone: ZoneInfo
    slots: Sequence[Slot]
    special: Sequence[SpecialSlot] = ()

    def state_at(self, instant: datetime) -> OpeningState:
        today = instant.astimezone(self.zone).date()
        last = max([today, *(slot.day for slot in self.special)]) + RHYTHM
        for opens, closes in _joined(self._open_times(today - DAY, last)):
            if instant < opens:
                return OpeningState(open=False, changes_at=opens)
            if instant < closes:
                for_ever = closes >= instant_of(last + DAY, 0, self.zone)
                return OpeningState(open=True, changes_at=None if for_ever else closes)
        return OpeningState(open=False, changes_at=None)

    def minutes_of(self, day: date) -> list[tuple[int, int]]:
        """When it opens and closes on that date, in local minutes."""
        special = [slot for slot in self.special if slot.day == day]
        if special:
            return sorted(
                (slot.opens_minute, slot.closes_minute)
                for slot in special
                if slot.opens_minute is not None and slot.closes_minute is not None
            )
        weekday = day.weekday()
        return sorted(
            (slot.opens_minute, slot.closes_minute)
            for slot in self.slots
            if slot.weekday == weekday
        )

    def _open_times(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        """In the order in which they begin."""
        for days in range((last - first).days + 1):
            day = first + timedelta(days=days)
            times = (
                (instant_of(day, opens, self.zone), instant_of(day, closes, self.zone))
                for opens, closes in self.minutes_of(day)
            )
            # A slot within the hour that is skipped in spring may end before it begins.
            yield from sorted((opens, closes) for opens, closes in times if opens < closes)


def instant_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant of a local time of day, given in minutes after midnight (up to two days)."""
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    return local.replace(tzinfo=zone).astimezone(UTC)


def business_day(instant: datetime, zone: ZoneInfo, day_starts_at: int) -> date:
    """The date whose business the instant belongs to: it begins at `day_starts_at` minutes."""
    today = instant.astimezone(zone).date()
    return today if instant >= instant_of(today, day_starts_at, zone) else today - DAY


def _joined(times: Iterator[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """What overlaps or touches is one stretch of time, across midnight too."""
    stretch: tuple[datetime, datetime] | None = None
    for opens, closes in times:
        if stretch is None:
            stretch = (opens, closes)
        elif opens <= stretch[1]:
            stretch = (stretch[0], max(stretch[1], closes))
        else:
            yield stretch
            stretch = (opens, closes)
    if stretch is not None:
        yield stretch
