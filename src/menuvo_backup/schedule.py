"""When a run is due: the words of cron, in the operator's time zone.

At the change to summer time a run in the hour that does not exist happens as soon as that hour
would be over; at the change back one in the hour that comes twice happens the first time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

RETRY_AFTER = timedelta(hours=1)
OLDEST_SUCCESS = timedelta(hours=26)
# A run that is due may take this long before it counts as missing.
GRACE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Schedule:
    cron: str
    zone: ZoneInfo

    @property
    def epoch(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=self.zone)

    def due_after(self, moment: datetime) -> datetime:
        """The first time that is later than `moment`."""
        ticks: Iterator[datetime] = CronSim(self.cron, moment.astimezone(self.zone))
        # In the hour that comes twice the library forgets which of the two it began in.
        return next(due for tick in ticks if (due := tick.astimezone(UTC)) > moment)


def next_run(schedule: Schedule, *, began: datetime, failed_at: datetime | None) -> datetime:
    """After a run that began then; in the past when runs were missed, however many they were."""
    due = schedule.due_after(began)
    return due if failed_at is None else min(due, failed_at + RETRY_AFTER)


def overdue(
    schedule: Schedule, *, since: datetime, success: datetime | None, now: datetime
) -> bool:
    """Whether there should be a younger backup than the last good one."""
    reference = success or since
    return now - reference > OLDEST_SUCCESS and now > schedule.due_after(reference) + GRACE
