"""What the archiver and the base backups leave in files, so that others can tell how they are.

`healthy` and the schedule read these and ask nobody.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from menuvo_backup.complaints import Complaint
from menuvo_backup.schedule import Schedule
from menuvo_backup.writing import megabytes

_MEBIBYTE = 1024 * 1024
_SILENT = timedelta(minutes=2)
# Twice what may be lost, so that who watches is told within three minutes. A restart of PostgreSQL
# is over by then.
_LATE = timedelta(minutes=2)
_MUCH_WAITS = 256 * _MEBIBYTE
_MUCH_RETAINED = 1024 * _MEBIBYTE
_AGAIN_AFTER = timedelta(minutes=10)
_Kind = TypeVar("_Kind", bound=msgspec.Struct)


class Trouble(msgspec.Struct, frozen=True):
    at: datetime
    cause: str
    hint: str


class Status(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of the archiver. What was committed until `moment` is in the bucket; `system`, `timeline`
    and `series` are of what is received."""

    at: datetime
    since: datetime
    system: str = ""
    timeline: int = 0
    series: int = 0
    moment: datetime | None = None
    waiting_bytes: int = 0
    retained_bytes: int = 0
    trouble: Trouble | None = None

    def is_of(self, system: str, timeline: int, series: int) -> bool:
        return (self.system, self.timeline, self.series) == (system, timeline, series)


class Gap(msgspec.Struct, frozen=True):
    """The log has a hole, and needs a new base backup after it."""

    at: datetime
    cause: str


class LastBase(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last base backup that was tried. Without an end it lasts, or was killed; `trouble` is
    that of the try before, until one succeeds."""

    began: datetime
    system: str
    timeline: int
    series: int
    ended: datetime | None = None
    trouble: Trouble | None = None


class Memory:
    def __init__(self, folder: Path) -> None:
        self._folder: Path = folder / "wal"

    def status(self) -> Status | None:
        return self._read("status.json", Status)

    def gap(self) -> Gap | None:
        return self._read("gap.json", Gap)

    def last_base(self) -> LastBase | None:
        return self._read("base.json", LastBase)

    def keep(self, told: Status | Gap | LastBase) -> None:
        name = {Status: "status.json", Gap: "gap.json", LastBase: "base.json"}[type(told)]
        self._folder.mkdir(mode=0o700, exist_ok=True)
        fresh = self._folder / f"{name}.new"
        _ = fresh.write_bytes(msgspec.json.encode(told))
        _ = fresh.rename(self._folder / name)

    def forget_gap(self) -> None:
        (self._folder / "gap.json").unlink(missing_ok=True)

    def forget_base(self) -> None:
        (self._folder / "base.json").unlink(missing_ok=True)

    def _read(self, name: str, kind: type[_Kind]) -> _Kind | None:
        try:
            return msgspec.json.decode((self._folder / name).read_bytes(), type=kind)
        except (OSError, msgspec.DecodeError):
            return None


def expect_archiver(memory: Memory, now: datetime) -> None:
    """It is started now. One that never comes to work is missed from then on, and not one that had
    no time for it yet."""
    status = memory.status()
    memory.keep(Status(at=now, since=now) if status is None else replace(status, at=now, since=now))


def base_is_due(memory: Memory, schedule: Schedule, now: datetime) -> bool:
    """At once where what is received now has none, and else when the schedule says."""
    status, last = memory.status(), memory.last_base()
    if status is None or not status.system:
        return False
    if last is None or last.began > now:
        return True
    if last.ended is None:
        return now > last.began + _AGAIN_AFTER
    if not status.is_of(last.system, last.timeline, last.series):
        return True
    return schedule.due_after(last.began) <= now


def find_complaints_of_the_log(memory: Memory, now: datetime) -> list[Complaint]:
    status, gap, base = memory.status(), memory.gap(), memory.last_base()
    if status is None:
        return []
    complaints = [*_about(status, now)]
    if gap is not None:
        closed = "A base backup closes the hole; it is made by itself."
        complaints.append(Complaint("The archived log has a hole", f"{gap.cause} {closed}"))
    if base is not None and base.trouble is not None:
        told = f"{base.trouble.cause} {base.trouble.hint}"
        complaints.append(Complaint("The base backup failed", told))
    return complaints


def _about(status: Status, now: datetime) -> list[Complaint]:
    if abs(now - status.at) > _SILENT:
        silent = "its archiver says nothing. It is started by itself; is the disk full?"
        return [Complaint("The log is not archived", silent)]
    complaints: list[Complaint] = []
    reached = max(status.moment or status.since, status.since)
    if now - reached > _LATE:
        trouble = status.trouble
        why = f"{trouble.cause} {trouble.hint}" if trouble else "See the log of the service."
        last = f"{status.moment:%Y-%m-%d %H:%M:%S} UTC" if status.moment else "none"
        complaints.append(
            Complaint("The log is archived late", f"the last moment is {last}. {why}")
        )
    if status.waiting_bytes > _MUCH_WAITS:
        waiting = f"{megabytes(status.waiting_bytes)} of it."
        complaints.append(Complaint("The log waits for the bucket", waiting))
    if status.retained_bytes > _MUCH_RETAINED:
        retained = f"{megabytes(status.retained_bytes)} of it."
        complaints.append(Complaint("PostgreSQL keeps the log for the archiver", retained))
    return complaints
