"""One timeline of one cluster in the bucket, written to.

    wal/SYSTEM/TIMELINE/00000002.history                    where it left the timeline before
                        claim.json                          who writes here, and since when
                        segments/NAME.gz                    whole segments
                        growing/NAME/FROM-TO-MOMENT.gz      pieces of one that is not whole yet
                        bases/ID/base.tar.gz, base.json     base backups

Nothing is ever replaced, so a bucket that locks its objects takes it, and a key that may not delete
is enough.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from menuvo_backup.bucket import Bucket
from menuvo_backup.errors import NotOurArchive, SegmentDiffers
from menuvo_backup.wal.parcels import Parcels, without_suffix
from menuvo_backup.wal.segments import history_name
from menuvo_backup.wal.spool import read_part

ROOT = "wal"
CLAIM = "claim.json"
SEGMENTS = "segments"
GROWING = "growing"
BASES = "bases"
_OFFSET_DIGITS = 10
_MOMENT = "%Y%m%dT%H%M%S.%fZ"


class Claim(msgspec.Struct, frozen=True):
    owner: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of a growing segment from `start` to `end`. What was committed until `moment` is
    in the log up to there."""

    start: int
    end: int
    moment: datetime

    @property
    def stem(self) -> str:
        width = _OFFSET_DIGITS
        moment = self.moment.astimezone(UTC).strftime(_MOMENT)
        return f"{self.start:0{width}}-{self.end:0{width}}-{moment}"


def piece_named(name: str) -> Piece:
    start, end, moment = without_suffix(name).split("-")
    return Piece(int(start), int(end), datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC))


def folder_of(system: str, timeline: int) -> str:
    return f"{ROOT}/{system}/{timeline:08X}"


class Archive:
    def __init__(self, bucket: Bucket, parcels: Parcels, system: str, timeline: int) -> None:
        self._bucket: Bucket = bucket
        self._parcels: Parcels = parcels
        self._timeline: int = timeline
        self.folder: str = folder_of(system, timeline)

    async def claim(self, owner: str, history: bytes, *, by_force: bool = False) -> None:
        """`history` is where the timeline came from, and empty of the first one. Without it nothing
        else of the timeline is of use, so it goes first. Raises NotOurArchive where somebody else
        writes."""
        found = await self._bucket.find(f"{self.folder}/{CLAIM}")
        claim = None if found is None else msgspec.json.decode(found, type=Claim)
        is_ours = claim is not None and claim.owner == owner
        if claim is not None and not (is_ours or by_force):
            raise NotOurArchive(
                f"Another server archives to {self.folder} since {claim.at:%Y-%m-%d %H:%M} UTC.",
                hint="Is this a copy of it? Then give it a BACKUP_S3_PREFIX of its own. If the "
                "other one is gone for good, or the volume `backups` is new: menuvo-backup claim.",
            )
        if history:
            await self._keep_history(history)
        if not is_ours:
            since = datetime.now(UTC) if claim is None else claim.at
            ours = msgspec.json.encode(Claim(owner, since))
            await self._bucket.put(ours, to=f"{self.folder}/{CLAIM}")

    async def _keep_history(self, history: bytes) -> None:
        name = f"{self.folder}/{history_name(self._timeline)}"
        found = await self._bucket.find(name)
        if found is None:
            await self._bucket.put(history, to=name)
        elif found != history:
            raise _differs(name)

    async def keep_segment(self, file: Path) -> None:
        """Raises SegmentDiffers where the archive has another one."""
        name = f"{self.folder}/{SEGMENTS}/{file.name}{self._parcels.suffix}"
        found = await self._bucket.find(name)
        if found is None:
            await self._bucket.put(await self._parcels.wrap(read_part(file)), to=name)
        elif self._parcels.can_open:
            # Without the key it cannot be compared, and stays as it is.
            kept = await self._parcels.unwrap(found, name=name)
            if kept != b"".join(read_part(file)):
                raise _differs(name)

    async def keep_piece(self, file: Path, segment: str, piece: Piece) -> None:
        parcel = await self._parcels.wrap(read_part(file, piece.start, piece.end))
        name = f"{self.folder}/{GROWING}/{segment}/{piece.stem}{self._parcels.suffix}"
        await self._bucket.put(parcel, to=name)


def _differs(name: str) -> SegmentDiffers:
    return SegmentDiffers(
        f"The bucket has another {name} than this server.",
        hint="Two servers archive to one place, or one was copied. What is there is not replaced: "
        "give this server a BACKUP_S3_PREFIX of its own.",
    )
