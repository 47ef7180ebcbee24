"""Which base backup leads to a moment, and along which segments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from menuvo_backup.bucket import Bucket
from menuvo_backup.wal.bases import Base
from menuvo_backup.wal.lines import Growth, Line, Lines, find_growth
from menuvo_backup.wal.segments import Ancestor, Segment, segment_of


@dataclass(frozen=True)
class Way:
    """From a base backup to wherever the log of a line goes on from it without a hole. A moment
    from `begin` to `end` lies on it."""

    line: Line
    base: Base
    segments: tuple[Segment, ...]
    growth: Growth
    begin: datetime
    end: datetime

    @property
    def reach(self) -> tuple[datetime, datetime]:
        """Of two the greater leads further, or as far from a newer base backup."""
        return self.end, self.base.ended

    def leads_to(self, moment: datetime) -> bool:
        return self.begin <= moment <= self.end


async def find_ways(bucket: Bucket, lines: Lines) -> list[Way]:
    """Those of lines that began last come first, and of one line those of the newest base."""
    ways: list[Way] = []
    for line in lines.all:
        known: dict[int, tuple[Growth, datetime | None]] = {}
        for base in sorted(_bases_before(line, lines), key=lambda one: one.ended, reverse=True):
            segments = _segments_from(base, line, lines)
            last = segments[-1] if segments else _before_first(base, line)
            if last.number not in known:
                known[last.number] = await find_growth(bucket, line, last.on(line.timeline))
            growth, end = known[last.number]
            begin = max(base.ended, line.began) if base.timeline != line.timeline else base.ended
            if end is not None and begin <= end and _covers(base, last, growth):
                ways.append(Way(line, base, segments, growth, begin, end))
    return ways


def _bases_before(line: Line, lines: Lines) -> list[Base]:
    """Its own, and those of the timelines it came from, made before it left them."""
    bases = list(line.bases)
    for ancestor in line.ancestors:
        parent = lines.of(line.system, ancestor.timeline)
        if parent is not None:
            bases += [base for base in parent.bases if base.end <= ancestor.until]
    return bases


def _segments_from(base: Base, line: Line, lines: Lines) -> tuple[Segment, ...]:
    """One after the other, until one is missing."""
    have: dict[int, Mapping[str, str]] = {line.timeline: line.segments}
    for ancestor in line.ancestors:
        parent = lines.of(line.system, ancestor.timeline)
        have[ancestor.timeline] = parent.segments if parent is not None else {}
    found: list[Segment] = []
    segment = segment_of(base.timeline, base.begin, base.segment_bytes)
    while True:
        segment = segment.on(_timeline_at(segment, line.ancestors, line.timeline))
        if segment.name not in have.get(segment.timeline, {}):
            return tuple(found)
        found.append(segment)
        segment = segment.next


def _timeline_at(segment: Segment, ancestors: list[Ancestor], newest: int) -> int:
    """The segment in which a timeline was left is whole on the one that left it."""
    for ancestor in ancestors:
        if segment.number < ancestor.until // segment.bytes:
            return ancestor.timeline
    return newest


def _before_first(base: Base, line: Line) -> Segment:
    first = segment_of(line.timeline, base.begin, base.segment_bytes)
    return Segment(first.timeline, first.number - 1, first.bytes)


def _covers(base: Base, last: Segment, growth: Growth) -> bool:
    """Whether the log goes on to where the base backup is of one moment."""
    reached = max((piece.end for piece in growth.pieces), default=0)
    return last.next.begin + reached >= base.end
