"""What was received goes to the bucket: whole segments, and every few seconds what is new of the
one that grows."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from menuvo_backup import log
from menuvo_backup.bucket import Bucket
from menuvo_backup.wal.archive import Archive, Piece
from menuvo_backup.wal.parcels import Parcels
from menuvo_backup.wal.segments import PARTIAL, segment_named
from menuvo_backup.wal.server import Beat
from menuvo_backup.wal.spool import Line, written_bytes


@dataclass(frozen=True, slots=True)
class _Growth:
    segment: str
    sent: int


class Shipping:
    """`moment` is the last one that is received; `shipped` the last one that is in the bucket."""

    def __init__(
        self,
        line: Line,
        bucket: Bucket,
        parcels: Parcels,
        owner: str,
        shipped: datetime | None,
    ) -> None:
        self._line: Line = line
        self._archive: Archive = Archive(bucket, parcels, line.system, line.timeline)
        self._owner: str = owner
        self._growth: _Growth = _Growth("", 0)
        self._moment: datetime | None = shipped
        self.shipped: datetime | None = shipped

    async def ship(self) -> None:
        """Raises BackupError; what was sent by then is not sent again."""
        history = self._line.history()
        if history is None:
            # It is what pg_receivewal writes first, so there is nothing else yet.
            return
        await self._archive.claim(self._owner, history)
        for file in self._line.finished():
            await self._archive.keep_segment(file)
            file.unlink()
            log.info("wal_shipped", segment=file.name)
        # It may become whole meanwhile, and is then sent with the next ones.
        with suppress(FileNotFoundError):
            await self._ship_growth()

    def reaches(self, beat: Beat, segment_bytes: int) -> bool:
        """Whether all that was committed until this beat is received."""
        newest = self._line.newest()
        if newest is None:
            return False
        segment = segment_named(newest, segment_bytes)
        growing = self._line.growing()
        try:
            end = segment_bytes if growing is None else written_bytes(growing)
        except FileNotFoundError:
            return False
        if segment.begin + end < beat.lsn:
            return False
        self._moment = beat.moment
        return True

    async def _ship_growth(self) -> None:
        file, moment = self._line.growing(), self._moment
        if file is None or moment is None:
            return
        segment = file.name.removesuffix(PARTIAL)
        sent = self._growth.sent if self._growth.segment == segment else 0
        end = written_bytes(file)
        if end > sent:
            await self._archive.keep_piece(file, segment, Piece(sent, end, moment))
            self._growth = _Growth(segment, end)
            self.shipped = moment
