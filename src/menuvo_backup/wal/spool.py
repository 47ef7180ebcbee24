"""The part of the log that lies on this disk: what pg_receivewal writes, until the bucket has it.

`wal/SYSTEM/TIMELINE.SERIES` is a folder of pg_receivewal's. Whenever the server could not go on
where we were, a new series begins beside the old one, which is still sent.
"""

import fcntl
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from uuid import uuid4

from menuvo_backup.errors import Busy, ReceiverFailed
from menuvo_backup.wal.segments import PARTIAL, history_name, is_segment
from menuvo_backup.writing import megabytes

_LINE = re.compile(r"([0-9A-F]{8})\.(\d+)")
_BLOCK = 256 * 1024
# The server keeps twice as much behind it (`max_slot_wal_keep_size`).
LIMIT_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Line:
    folder: Path
    system: str
    timeline: int
    series: int

    def finished(self) -> list[Path]:
        """Whole segments, in their order."""
        return sorted(
            (file for file in self.folder.iterdir() if is_segment(file.name)),
            key=lambda file: file.name,
        )

    def history(self) -> bytes | None:
        """Empty of the first timeline; None where it did not come yet."""
        if self.timeline == 1:
            return b""
        try:
            return (self.folder / history_name(self.timeline)).read_bytes()
        except FileNotFoundError:
            return None

    def growing(self) -> Path | None:
        return next(
            (file for file in self.folder.iterdir() if file.name.endswith(PARTIAL)),
            None,
        )

    def newest(self) -> str | None:
        """The segment at which pg_receivewal goes on, or after which."""
        names = [file.name.removesuffix(PARTIAL) for file in self.folder.iterdir()]
        return max((name for name in names if is_segment(name)), default=None)

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Spool:
    def __init__(self, folder: Path) -> None:
        self.folder: Path = folder / "wal"
        self.folder.mkdir(mode=0o700, exist_ok=True)

    @contextmanager
    def alone(self) -> Generator[None]:
        """Two receivers would take each other's slot. Raises Busy."""
        with (self.folder / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy("The log is being archived already.") from error
            yield

    def owner(self) -> str:
        """Who we are to the bucket: as long as this volume lives."""
        file = self.folder / "owner"
        if not file.exists():
            fresh = file.with_suffix(".new")
            _ = fresh.write_text(uuid4().hex)
            _ = fresh.rename(file)
        return file.read_text()

    def lines(self) -> list[Line]:
        found = [
            Line(folder, folder.parent.name, int(match[1], 16), int(match[2]))
            for folder in self.folder.glob("*/*")
            if (match := _LINE.fullmatch(folder.name)) is not None
        ]
        return sorted(found, key=lambda line: (line.timeline, line.series))

    def find(self, system: str, timeline: int) -> Line | None:
        """The last series of it."""
        of_it = (
            line for line in self.lines() if (line.system, line.timeline) == (system, timeline)
        )
        return max(of_it, key=lambda line: line.series, default=None)

    def begin(self, system: str, timeline: int) -> Line:
        """A new series, empty."""
        last = self.find(system, timeline)
        series = 0 if last is None else last.series + 1
        folder = self.folder / system / f"{timeline:08X}.{series}"
        folder.mkdir(mode=0o700, parents=True)
        return Line(folder, system, timeline, series)

    def bytes(self) -> int:
        """Of what waits."""
        size = 0
        for line in self.lines():
            for file in line.finished():
                # Sent and removed meanwhile.
                with suppress(FileNotFoundError):
                    size += file.stat().st_size
        return size

    def check_room(self) -> None:
        """Raises ReceiverFailed when more must not wait here: the disk is the database's too."""
        size = self.bytes()
        if size > LIMIT_BYTES:
            raise ReceiverFailed(
                f"{megabytes(size)} of the log wait for the bucket, and no more are taken.",
                hint="Why does the bucket not take them? Until it does, PostgreSQL keeps the log.",
            )


def written_bytes(file: Path) -> int:
    """Of a segment that grows: it has its whole size from the start, filled up with zeros."""
    with file.open("rb", buffering=0) as source:
        end = file.stat().st_size
        while end > 0:
            start = max(0, end - _BLOCK)
            _ = source.seek(start)
            kept = source.read(end - start).rstrip(b"\0")
            if kept:
                return start + len(kept)
            end = start
    return 0


def read_part(file: Path, start: int = 0, end: int | None = None) -> Generator[bytes]:
    """To its end, where none is named."""
    with file.open("rb", buffering=0) as source:
        _ = source.seek(start)
        rest = source.seek(0, SEEK_END) - start if end is None else end - start
        _ = source.seek(start)
        while rest > 0 and (chunk := source.read(min(_BLOCK, rest))):
            rest -= len(chunk)
            yield chunk
