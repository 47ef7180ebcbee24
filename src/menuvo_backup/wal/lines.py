"""What the bucket has of the log, read: lines of time, their segments and base backups.

A line is one timeline of one cluster. After a recovery or a new server there is a new one beside
those before it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from menuvo_backup.bucket import Bucket
from menuvo_backup.wal.archive import (
    BASES,
    CLAIM,
    GROWING,
    ROOT,
    SEGMENTS,
    Claim,
    Piece,
    folder_of,
    piece_named,
)
from menuvo_backup.wal.bases import DESCRIPTION, Base
from menuvo_backup.wal.parcels import without_suffix
from menuvo_backup.wal.segments import (
    Ancestor,
    Segment,
    history_name,
    read_history,
)

# How many segments back a piece is looked for that says when it was. More than a few between two
# beats are rare; the most are those that wait while the bucket is away, here and in PostgreSQL.
_STEPS = (1, 16, 256, 1024)
# Somebody else's folder there is none of ours.
_TIMELINE = re.compile("[0-9A-F]{8}")


@dataclass(frozen=True)
class Line:
    """`history` is the file that PostgreSQL asks for, empty on the first timeline. `segments` have
    the names of their objects."""

    system: str
    timeline: int
    began: datetime
    history: bytes
    segments: Mapping[str, str]
    bases: tuple[Base, ...]

    @property
    def folder(self) -> str:
        return folder_of(self.system, self.timeline)

    @property
    def ancestors(self) -> list[Ancestor]:
        return read_history(self.history.decode())


@dataclass(frozen=True)
class Growth:
    """The segment after the whole ones, as far as it was sent."""

    segment: Segment
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Lines:
    """The last begun first. `taken` are systems and timelines of which there is anything."""

    all: tuple[Line, ...]
    taken: frozenset[tuple[str, int]]

    def of(self, system: str, timeline: int) -> Line | None:
        return next((it for it in self.all if (it.system, it.timeline) == (system, timeline)), None)

    def histories(self, system: str) -> dict[str, bytes]:
        """Of all timelines of a cluster: a new one must have none of their numbers, and PostgreSQL
        asks whether there is a history to find one that is free."""
        known = {line.timeline: line.history for line in self.all if line.system == system}
        return {
            history_name(timeline): known.get(timeline, b"")
            for of, timeline in self.taken
            if of == system
        }


async def read_lines(bucket: Bucket) -> Lines:
    found: list[Line] = []
    taken: set[tuple[str, int]] = set()
    for system in await bucket.list_folders(ROOT):
        for name in await bucket.list_folders(f"{ROOT}/{system}"):
            if not _TIMELINE.fullmatch(name):
                continue
            timeline = int(name, 16)
            taken.add((system, timeline))
            line = await _read_line(bucket, system, timeline)
            if line is not None:
                found.append(line)
    newest_first = sorted(found, key=lambda line: line.began, reverse=True)
    return Lines(tuple(newest_first), frozenset(taken))


async def _read_line(bucket: Bucket, system: str, timeline: int) -> Line | None:
    """Of a timeline that lasted for long its base backups know what the bucket has no longer."""
    folder = folder_of(system, timeline)
    claim = await bucket.find(f"{folder}/{CLAIM}")
    bases = await _read_bases(bucket, f"{folder}/{BASES}")
    begins = [base.began for base in bases]
    if claim is not None:
        begins.append(msgspec.json.decode(claim, type=Claim).at)
    if not begins:
        return None
    segments = await bucket.list_names(f"{folder}/{SEGMENTS}")
    history = await bucket.find(f"{folder}/{history_name(timeline)}")
    remembered = next((base.history for base in bases if base.history), "")
    return Line(
        system=system,
        timeline=timeline,
        began=min(begins),
        history=history or remembered.encode(),
        segments={without_suffix(name): name for name in segments},
        bases=tuple(bases),
    )


async def _read_bases(bucket: Bucket, folder: str) -> list[Base]:
    bases: list[Base] = []
    for name in await bucket.list_folders(folder):
        description = await bucket.find(f"{folder}/{name}/{DESCRIPTION}")
        if description is not None:
            bases.append(msgspec.json.decode(description, type=Base))
    return bases


async def find_growth(bucket: Bucket, line: Line, last: Segment) -> tuple[Growth, datetime | None]:
    """What there is of the segment after the `last` whole one, and the last moment that the log up
    to there has for sure."""
    following = last.next
    for back in _STEPS:
        first = Segment(last.timeline, max(0, last.number - back + 1), last.bytes)
        names = await bucket.list_names(f"{line.folder}/{GROWING}", after=first.name)
        found = [_read_name(name) for name in names]
        pieces = _without_hole(piece for segment, piece in found if segment == following.name)
        whole = [piece for segment, piece in found if segment < following.name]
        moment = max((piece.moment for piece in [*pieces, *whole]), default=None)
        if moment is not None:
            break
    else:
        pieces, moment = [], None
    return Growth(following, tuple(pieces)), moment


def _without_hole(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces may overlap: an archiver that starts again sends a segment from its beginning."""
    kept: list[Piece] = []
    reached = 0
    for piece in sorted(pieces, key=lambda piece: (piece.start, piece.end)):
        if piece.start > reached:
            break
        kept.append(piece)
        reached = max(reached, piece.end)
    return kept


def _read_name(name: str) -> tuple[str, Piece]:
    segment, _, piece = name.partition("/")
    return segment, piece_named(piece)
