"""The log for a PostgreSQL that recovers: fetched while it reads, a few segments ahead of it.

PostgreSQL asks by running a program for each file. Ours is a few lines of shell that leave a name
and wait for the answer, since starting Python ten thousand times would take hours.
"""

import asyncio
import shlex
from asyncio import Task
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from menuvo_backup.bucket import Bucket
from menuvo_backup.errors import BackupError, WalDamaged
from menuvo_backup.wal.archive import GROWING, SEGMENTS, folder_of
from menuvo_backup.wal.parcels import DAMAGED, SUFFIXES, Parcels
from menuvo_backup.wal.segments import Segment, is_history, is_segment
from menuvo_backup.wal.ways import Way

_AHEAD = 6
# At the end PostgreSQL reads again what it read last.
_BEHIND = 2
_LOOK_SECONDS = 0.02
# Whoever waits must not wait for somebody who was killed.
_SCRIPT = """#!/bin/sh
# Called by PostgreSQL with the name of a file and where to put it, seen from its cluster.
log={folder}
: >"$log/wanted/$1"
while [ -e /proc/{pid} ]; do
    if [ -e "$log/have/$1" ]; then exec cp "$log/have/$1" "$2"; fi
    if [ -e "$log/none/$1" ]; then exit 1; fi
    sleep 0.05
done
exit 1
"""


class Supply:
    def __init__(
        self,
        bucket: Bucket,
        parcels: Parcels,
        way: Way,
        histories: dict[str, bytes],
        folder: Path,
        *,
        pid: int,
    ) -> None:
        self._bucket: Bucket = bucket
        self._parcels: Parcels = parcels
        self._way: Way = way
        self._histories: dict[str, bytes] = histories
        self._folder: Path = folder
        self._segments: dict[str, Segment] = {segment.name: segment for segment in way.segments}
        self._order: list[str] = list(self._segments)
        if way.growth.pieces:
            self._order.append(way.growth.segment.name)
        self._fetching: dict[str, Task[None]] = {}
        for place in ("wanted", "have", "none"):
            (folder / place).mkdir(mode=0o700, parents=True)
        self.script: Path = folder / "fetch"
        _ = self.script.write_text(_SCRIPT.format(folder=shlex.quote(str(folder)), pid=pid))
        self.script.chmod(0o700)

    async def answer(self) -> None:
        """Until it is cancelled. Raises WalDamaged or BucketFailed for what is asked for."""
        try:
            while True:
                for question in sorted((self._folder / "wanted").iterdir()):
                    await self._answer(question.name)
                    question.unlink()
                await asyncio.sleep(_LOOK_SECONDS)
        finally:
            for task in self._fetching.values():
                _ = task.cancel()
            _ = await asyncio.gather(*self._fetching.values(), return_exceptions=True)

    async def _answer(self, name: str) -> None:
        if is_history(name) and name in self._histories:
            self._place(name, self._histories[name])
        elif is_segment(name) and name in self._order:
            at = self._order.index(name)
            for following in self._order[at : at + _AHEAD]:
                self._begin(following)
            await self._fetching[name]
            self._forget(self._order[max(0, at - _AHEAD) : max(0, at - _BEHIND)])
        else:
            (self._folder / "none" / name).touch()

    def _begin(self, name: str) -> None:
        if name not in self._fetching:
            self._fetching[name] = asyncio.create_task(self._fetch(name))

    def _forget(self, names: Sequence[str]) -> None:
        for name in names:
            if self._fetching.pop(name, None) is not None:
                (self._folder / "have" / name).unlink(missing_ok=True)

    async def _fetch(self, name: str) -> None:
        segment = self._segments.get(name)
        if segment is None:
            self._place(name, await self._fetch_growth())
        else:
            self._place(name, await self._fetch_segment(segment))

    async def _fetch_segment(self, segment: Segment) -> bytes:
        folder = folder_of(self._way.line.system, segment.timeline)
        return await self._fetch_parcel(f"{folder}/{SEGMENTS}/{segment.name}", segment.bytes)

    async def _fetch_growth(self) -> bytes:
        """The whole size, filled up with zeros as PostgreSQL does."""
        growth = self._way.growth
        folder = f"{self._way.line.folder}/{GROWING}/{growth.segment.name}"
        content = bytearray(growth.segment.bytes)
        for piece in growth.pieces:
            size = piece.end - piece.start
            part = await self._fetch_parcel(f"{folder}/{piece.stem}", size)
            content[piece.start : piece.end] = part
        return bytes(content)

    async def _fetch_parcel(self, stem: str, size: int) -> bytes:
        """Raises WalDamaged."""
        for suffix in SUFFIXES:
            found = await self._bucket.find(f"{stem}{suffix}")
            if found is not None:
                content = await self._parcels.unwrap(found, name=f"{stem}{suffix}")
                if len(content) != size:
                    raise WalDamaged(f"{stem}{suffix} has {len(content):,} bytes.", hint=DAMAGED)
                return content
        raise WalDamaged(f"{stem} is not in the bucket any more.", hint=DAMAGED)

    def _place(self, name: str, content: bytes) -> None:
        """Whole or not at all."""
        fresh = self._folder / f"{name}.new"
        _ = fresh.write_bytes(content)
        _ = fresh.rename(self._folder / "have" / name)


@asynccontextmanager
async def supplying(supply: Supply) -> AsyncGenerator[None]:
    """What the bucket cannot give ends the block, with the reason."""
    try:
        async with asyncio.TaskGroup() as tasks:
            answering = tasks.create_task(supply.answer())
            yield
            _ = answering.cancel()
    except* BackupError as failures:
        raise _first(failures) from None


def _first(failures: BaseExceptionGroup[BackupError]) -> BackupError:
    error: BaseException = failures
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseException", error.exceptions[0])
    return cast("BackupError", error)
