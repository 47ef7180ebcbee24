from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menuvo_backup.schedule import Schedule, next_run, overdue

BERLIN = ZoneInfo("Europe/Berlin")
NIGHTLY = Schedule("30 3 * * *", BERLIN)
HOUR = timedelta(hours=1)


def berlin(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=BERLIN, fold=fold).astimezone(UTC)


def runs_of(schedule: Schedule, year: int) -> list[datetime]:
    runs = [schedule.due_after(berlin(year, 1, 1) - timedelta(seconds=1))]
    while runs[-1].astimezone(BERLIN).year == year:
        runs.append(schedule.due_after(runs[-1]))
    return runs[:-1]


@settings(max_examples=40, deadline=None)
@given(hour=st.integers(0, 23), minute=st.integers(0, 59), year=st.integers(2024, 2030))
def test_each_day_of_a_year_has_exactly_one_run(hour: int, minute: int, year: int) -> None:
    """Also those two on which the clocks of Berlin change."""
    runs = runs_of(Schedule(f"{minute} {hour} * * *", BERLIN), year)
    days = [run.astimezone(BERLIN).date() for run in runs]
    assert len(days) == len(set(days)) == (366 if year % 4 == 0 else 365)
    for run in runs:
        local = run.astimezone(BERLIN)
        moved = local.month == 3 and hour == 2
        assert moved or (local.hour, local.minute) == (hour, minute)


@given(
    changes=st.sampled_from([berlin(2026, 3, 29), berlin(2026, 10, 25)]),
    seconds=st.integers(0, 6 * 3600),
    minute=st.integers(0, 59),
    hour=st.integers(0, 5),
)
def test_the_next_run_is_always_later(
    changes: datetime, seconds: int, minute: int, hour: int
) -> None:
    """A run by hand in the second of two equal hours must not make the first one due again."""
    after = changes + timedelta(seconds=seconds)
    assert Schedule(f"{minute} {hour} * * *", BERLIN).due_after(after) > after


def test_in_the_hour_that_is_missing_the_run_is_when_it_would_be_over() -> None:
    due = Schedule("30 2 * * *", BERLIN).due_after(berlin(2026, 3, 28, 12))
    assert due == berlin(2026, 3, 29, 3)


def test_in_the_hour_that_comes_twice_the_run_is_the_first_time_only() -> None:
    schedule = Schedule("30 2 * * *", BERLIN)
    due = schedule.due_after(berlin(2026, 10, 24, 12))
    assert due == berlin(2026, 10, 25, 2, 30, fold=0)
    assert schedule.due_after(due) == berlin(2026, 10, 26, 2, 30)
    assert schedule.due_after(berlin(2026, 10, 25, 2, 15, fold=1)) == berlin(2026, 10, 26, 2, 30)


def test_missed_runs_are_due_once() -> None:
    """However many: after one that begins now, the next is in the coming night."""
    now = berlin(2026, 11, 25, 12)
    assert next_run(NIGHTLY, began=berlin(2026, 11, 1, 3, 30), failed_at=None) < now
    assert next_run(NIGHTLY, began=now, failed_at=None) == berlin(2026, 11, 26, 3, 30)


def test_a_failed_run_is_tried_again_an_hour_later_or_when_the_next_is_due() -> None:
    began = berlin(2026, 11, 25, 3, 30)
    failed_at = began + timedelta(minutes=10)
    assert next_run(NIGHTLY, began=began, failed_at=failed_at) == failed_at + HOUR
    quarterly = Schedule("*/15 * * * *", BERLIN)
    assert next_run(quarterly, began=began, failed_at=failed_at) == began + HOUR / 4


@pytest.mark.parametrize(("hours", "missing"), [(25.9, False), (26.1, True)])
def test_after_26_hours_a_nightly_backup_is_missing(hours: float, missing: bool) -> None:
    success = berlin(2026, 11, 25, 3, 30)
    now = success + timedelta(hours=hours)
    assert overdue(NIGHTLY, since=berlin(2026, 1, 1), success=success, now=now) is missing


def test_before_the_first_night_nothing_is_missing() -> None:
    since = berlin(2026, 11, 25, 4)
    assert not overdue(NIGHTLY, since=since, success=None, now=since + 25 * HOUR)
    assert overdue(NIGHTLY, since=since, success=None, now=since + 27 * HOUR)


def test_a_weekly_backup_is_missing_after_a_week_and_two_hours() -> None:
    sundays = Schedule("30 3 * * 0", BERLIN)
    success = berlin(2026, 11, 22, 3, 30)
    week = timedelta(days=7)
    assert not overdue(sundays, since=success, success=success, now=success + week + HOUR)
    assert overdue(sundays, since=success, success=success, now=success + week + 3 * HOUR)
