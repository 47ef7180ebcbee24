"""A moment as an operator types and reads it: in the time zone of the deployment."""

import re
from dataclasses import dataclass
from datetime import datetime, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from menuvo_ops.backups.records import LATEST
from menuvo_ops.errors import Usage

_UTC = timezone.utc  # noqa: UP017, server Python
_TYPED = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(?P<offset>[+-]\d\d:\d\d)?")
_EXAMPLE = 'For example: menuvo restore --at "2026-11-23 18:05"'


@dataclass(frozen=True)
class Moment:
    """`at` is in UTC, and None for the last moment that the archive has."""

    at: "datetime | None"
    zone: tzinfo = _UTC

    @property
    def told(self) -> str:
        return read_aloud(self.at, self.zone) if self.at else "the last moment in the archive"

    @property
    def written(self) -> str:
        """The same for every way to type it."""
        return self.at.isoformat() if self.at else LATEST


def read_aloud(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


def read_moment(written: str) -> datetime:
    """As a program wrote it."""
    return datetime.fromisoformat(written.replace("Z", "+00:00"))  # noqa: FURB162, server Python


def zone_named(name: str) -> tzinfo:
    """UTC where this machine has no data about time zones; what is read aloud says which."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _UTC


def parse(typed: str, zone: tzinfo) -> Moment:
    """Raises Usage, also for a time that a change of the clocks makes doubtful."""
    if typed == LATEST:
        return Moment(None, zone)
    text = f"{typed[:-1]}+00:00" if typed.endswith("Z") else typed
    found = _TYPED.fullmatch(text)
    if not found:
        raise Usage(f"{typed!r} is no moment.", hint=f"{_EXAMPLE}, or --at latest")
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise Usage(f"{typed!r} is no moment: {error}.", hint=_EXAMPLE) from error
    return Moment((read if found["offset"] else _placed(read, typed, zone)).astimezone(_UTC), zone)


def _placed(read: datetime, typed: str, zone: tzinfo) -> datetime:
    first, second = read.replace(tzinfo=zone), read.replace(tzinfo=zone, fold=1)
    if first.astimezone(_UTC).astimezone(zone).replace(tzinfo=None) != read:
        raise Usage(f"There was no {typed} in {zone}: the clocks were put forward.", hint=_EXAMPLE)
    if first.utcoffset() != second.utcoffset():
        either = " or ".join(f'"{one.isoformat(" ")}"' for one in (first, second))
        raise Usage(
            f"There were two moments {typed} in {zone}: the clocks were put back.",
            hint=f"Say which: --at {either}",
        )
    return first
