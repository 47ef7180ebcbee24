from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuvo_platform.stores.hours import (
    OpeningHours,
    OpeningState,
    Slot,
    SpecialSlot,
    business_day,
    instant_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # clocks change at 02:00 and at 03:00
LUNCH, EVENING = (660, 870), (1020, 1500)  # 11:00-14:30, 17:00-01:00


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def every_day(*times: tuple[int, int]) -> list[Slot]:
    return [Slot(weekday, *minutes) for weekday in range(7) for minutes in times]


@pytest.mark.parametrize(
    ("at", "is_open", "changes_at"),
    [
        ("2026-11-24 10:59", False, "2026-11-24 11:00"),
        ("2026-11-24 11:00", True, "2026-11-24 14:30"),
        ("2026-11-24 14:30", False, "2026-11-24 17:00"),
        ("2026-11-24 23:59", True, "2026-11-25 01:00"),
        ("2026-11-25 00:30", True, "2026-11-25 01:00"),
        ("2026-11-25 01:00", False, "2026-11-25 11:00"),
    ],
)
def test_it_knows_what_is_and_what_comes_next(at: str, is_open: bool, changes_at: str) -> None:
    hours = OpeningHours(BERLIN, every_day(LUNCH, EVENING))
    assert hours.state_at(local(at)) == OpeningState(open=is_open, changes_at=local(changes_at))


def test_slots_that_touch_at_midnight_are_one() -> None:
    hours = OpeningHours(BERLIN, [Slot(4, 1080, 1440), Slot(5, 0, 180)])
    assert hours.state_at(local("2026-11-27 20:00")).changes_at == local("2026-11-28 03:00")


def test_a_store_around_the_clock_never_closes() -> None:
    hours = OpeningHours(BERLIN, every_day((0, 1440)))
    assert hours.state_at(local("2026-11-24 12:00")) == OpeningState(open=True, changes_at=None)


def test_around_the_clock_still_ends_at_a_closed_day_far_away() -> None:
    closed = SpecialSlot(date(2027, 8, 1), None, None)
    hours = OpeningHours(BERLIN, every_day((0, 1440)), [closed])
    assert hours.state_at(local("2026-11-24 12:00")).changes_at == local("2027-08-01 00:00")
    assert hours.state_at(local("2027-08-01 12:00")).changes_at == local("2027-08-02 00:00")


def test_a_store_without_hours_never_opens() -> None:
    assert OpeningHours(BERLIN, []).state_at(local("2026-11-24 12:00")) == OpeningState(
        open=False, changes_at=None
    )


def test_weeks_of_holidays_end_with_the_first_slot_after_them() -> None:
    holidays = [SpecialSlot(date(2026, 8, 1) + timedelta(days=n), None, None) for n in range(21)]
    hours = OpeningHours(BERLIN, [Slot(2, 1020, 1320)], holidays)
    assert hours.state_at(local("2026-08-05 18:00")) == OpeningState(
        open=False, changes_at=local("2026-08-26 17:00")
    )


def test_a_special_day_replaces_its_weekday_and_leaves_last_night_alone() -> None:
    silvester = [
        SpecialSlot(date(2026, 12, 31), 600, 720),
        SpecialSlot(date(2026, 12, 31), 1080, 1560),
    ]
    hours = OpeningHours(BERLIN, every_day(EVENING), silvester)
    assert hours.state_at(local("2026-12-31 00:30")).open
    assert hours.state_at(local("2026-12-31 11:00")).changes_at == local("2026-12-31 12:00")
    assert not hours.state_at(local("2026-12-31 17:30")).open
    assert hours.state_at(local("2027-01-01 01:59")).open


def test_a_local_time_that_does_not_exist_moves_forward() -> None:
    assert instant_of(SPRING, 150, BERLIN) == local("2026-03-29 03:30")


def test_of_a_local_time_that_comes_twice_the_first_counts() -> None:
    assert instant_of(AUTUMN, 150, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_night_of_the_clock_change_is_an_hour_shorter_or_longer() -> None:
    hours = OpeningHours(BERLIN, every_day((1200, 1680)))  # 20:00-04:00
    for night, length in ((SPRING, 7), (AUTUMN, 9)):
        opens = instant_of(night - timedelta(days=1), 1200, BERLIN)
        assert hours.state_at(opens).changes_at == opens + timedelta(hours=length)


def test_a_business_day_lasts_until_five_in_the_morning() -> None:
    assert business_day(local("2026-11-25 04:59"), BERLIN, 300) == date(2026, 11, 24)
    assert business_day(local("2026-11-25 05:00"), BERLIN, 300) == date(2026, 11, 25)
    assert business_day(local("2026-03-29 05:00"), BERLIN, 300) == SPRING
    assert business_day(local("2026-10-25 04:59"), BERLIN, 300) == AUTUMN - timedelta(days=1)


@st.composite
def minutes(draw: st.DrawFn) -> tuple[int, int]:
    opens = draw(st.integers(0, 1439))
    return opens, min(2880, opens + draw(st.integers(1, 1440)))


@st.composite
def slot(draw: st.DrawFn) -> Slot:
    return Slot(draw(st.integers(0, 6)), *draw(minutes()))


@st.composite
def special_slot(draw: st.DrawFn) -> SpecialSlot:
    day = draw(st.sampled_from([SPRING, AUTUMN])) + timedelta(days=draw(st.integers(-3, 3)))
    opens, closes = draw(st.one_of(st.just((None, None)), minutes()))
    return SpecialSlot(day, opens, closes)


@st.composite
def around_a_change(draw: st.DrawFn) -> datetime:
    midnight = instant_of(draw(st.sampled_from([SPRING, AUTUMN])), 0, BERLIN)
    return midnight + timedelta(minutes=draw(st.integers(-2880, 4320)))


@given(st.lists(slot(), max_size=8), st.lists(special_slot(), max_size=4), around_a_change())
def test_nothing_changes_before_the_change_and_everything_at_it(
    slots: list[Slot], special: list[SpecialSlot], instant: datetime
) -> None:
    hours = OpeningHours(BERLIN, slots, special)
    state = hours.state_at(instant)
    if state.changes_at is None:
        return
    assert state.changes_at > instant
    last_moment = max(instant, state.changes_at - timedelta(microseconds=1))
    assert hours.state_at(last_moment) == state
    assert hours.state_at(state.changes_at).open is not state.open


@given(st.lists(slot(), max_size=8), around_a_change())
def test_it_is_open_exactly_during_some_slot(slots: list[Slot], instant: datetime) -> None:
    today = instant.astimezone(BERLIN).date()
    during = any(
        instant_of(day, slot.opens_minute, BERLIN)
        <= instant
        < instant_of(day, slot.closes_minute, BERLIN)
        for day in (today - timedelta(days=2), today - timedelta(days=1), today)
        for slot in slots
        if slot.weekday == day.weekday()
    )
    assert OpeningHours(BERLIN, slots).state_at(instant).open is during


@given(around_a_change(), st.integers(0, 3600 * 30), st.integers(0, 1439))
def test_business_days_never_run_backwards(instant: datetime, seconds: int, starts: int) -> None:
    later = instant + timedelta(seconds=seconds)
    assert business_day(instant, BERLIN, starts) <= business_day(later, BERLIN, starts)
