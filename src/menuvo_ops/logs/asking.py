"""What of the logs somebody wants to see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from menuvo_ops.errors import Usage
from menuvo_ops.logs.line import LEVELS, Line

_SPAN = re.compile(r"(\d{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
# Before the first year there is no time, and before that no log.
_LONGEST = timedelta(days=3650)
_USUAL_LINES = 50
# Of each service: what is kept until all of them are in order lies in the memory of the server.
_MOST_LINES = 2000


@dataclass(frozen=True)
class Asked:
    """Empty means all; `since` is a span before now, like 10m."""

    services: tuple[str, ...] = ()
    since: str = ""
    grep: str = ""
    level: str = ""
    lines: int | None = None
    follow: bool = False

    def require_sense(self) -> None:
        """Raises Usage."""
        if self.since and not (self.span and self.span <= _LONGEST):
            raise Usage(
                f"'{self.since}' is no span of time.",
                hint="For example: --since 90s, 10m, 2h, 1d; ten years at most.",
            )
        if self.level and self.level not in LEVELS:
            raise Usage(f"There is no level {self.level}.", hint=f"There are: {', '.join(LEVELS)}.")
        if self.lines is not None and self.lines < 0:
            raise Usage("--lines is a number from 0 on.")

    @property
    def span(self) -> timedelta | None:
        found = _SPAN.fullmatch(self.since)
        return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None

    @property
    def most_lines(self) -> int:
        """Of each service."""
        if self.lines is not None:
            return self.lines
        return _MOST_LINES if self.since else _USUAL_LINES

    @property
    def chooses(self) -> bool:
        """Whether only some of the lines fit, so that the last ones may lie far back."""
        return bool(self.grep or self.level)

    def fits(self, line: Line) -> bool:
        """A line without a level may be anything, a crash as well, so it is never left out."""
        is_loud = not (self.level and line.level) or (
            LEVELS.index(line.level) >= LEVELS.index(self.level)
        )
        return is_loud and self.grep.casefold() in line.text.casefold()

    def require_known(self, known: Sequence[str]) -> None:
        """Raises Usage."""
        unknown = [service for service in self.services if service not in known]
        if unknown:
            raise Usage(
                f"There is no service {', '.join(unknown)}.", hint=f"There are: {', '.join(known)}."
            )

    def as_arguments(self) -> list[str]:
        """For the command on a server."""
        values = {
            "--since": self.since,
            "--grep": self.grep,
            "--level": self.level,
            "--lines": "" if self.lines is None else str(self.lines),
        }
        return [
            *self.services,
            *(f"{name}={value}" for name, value in values.items() if value),
            *(["--follow"] if self.follow else []),
        ]
