"""Names and places in PostgreSQL's write-ahead log, as it counts them itself."""

import re
from dataclasses import dataclass

_SEGMENT = re.compile(r"[0-9A-F]{24}")
_HISTORY = re.compile(r"[0-9A-F]{8}\.history")
PARTIAL = ".partial"


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A file of the log. `number` counts from its very beginning, across timelines."""

    timeline: int
    number: int
    bytes: int

    @property
    def name(self) -> str:
        high, low = divmod(self.number, self._per_high)
        return f"{self.timeline:08X}{high:08X}{low:08X}"

    @property
    def next(self) -> "Segment":
        return Segment(self.timeline, self.number + 1, self.bytes)

    @property
    def begin(self) -> int:
        return self.number * self.bytes

    @property
    def _per_high(self) -> int:
        return 2**32 // self.bytes

    def on(self, timeline: int) -> "Segment":
        return Segment(timeline, self.number, self.bytes)


def is_segment(name: str) -> bool:
    return _SEGMENT.fullmatch(name) is not None


def is_history(name: str) -> bool:
    return _HISTORY.fullmatch(name) is not None


def segment_named(name: str, segment_bytes: int) -> Segment:
    timeline, high, low = (int(name[at : at + 8], 16) for at in (0, 8, 16))
    return Segment(timeline, high * (2**32 // segment_bytes) + low, segment_bytes)


def segment_of(timeline: int, lsn: int, segment_bytes: int) -> Segment:
    return Segment(timeline, lsn // segment_bytes, segment_bytes)


def read_lsn(text: str) -> int:
    high, _, low = text.partition("/")
    return int(high, 16) * 2**32 + int(low, 16)


def history_name(timeline: int) -> str:
    return f"{timeline:08X}.history"


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A timeline that another one left, and where."""

    timeline: int
    until: int


def read_history(text: str) -> list[Ancestor]:
    """The content of a history file, the oldest first."""
    lines = (line.split("#", 1)[0].split() for line in text.splitlines())
    return [Ancestor(int(line[0]), read_lsn(line[1])) for line in lines if len(line) >= 2]
