"""The list of the platform's objects beside a dump: a line of JSON for each, compressed."""

import gzip
import zlib
from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from menuvo_backup import log
from menuvo_backup.bucket import Patience
from menuvo_backup.errors import BackupError, explained
from menuvo_backup.objects.stores import UNHURRIED, Object, Shelf, shelves
from menuvo_backup.records import OBJECTS, Objects
from menuvo_backup.settings import ObjectsSettings
from menuvo_backup.writing import write

_GZIP = 31


async def list_objects(
    settings: ObjectsSettings, folder: Path, record_id: str, patience: Patience = UNHURRIED
) -> Objects:
    """Whatever fails, the backup goes on: what could not be listed is said in its record."""
    to = folder / OBJECTS
    try:
        listed = await write_list(shelves(settings, patience).values(), to)
    except (BackupError, OSError) as raw:
        error = explained(raw)
        to.unlink(missing_ok=True)
        log.warning("objects_not_listed", id=record_id, cause=error.cause, hint=error.hint)
        return Objects(cause=error.cause, hint=error.hint)
    log.info("objects_listed", id=record_id, count=listed.count, bytes=listed.bytes)
    return listed


@dataclass
class _Tally:
    count: int = 0
    bytes: int = 0


async def write_list(them: Iterable[Shelf], to: Path) -> Objects:
    """Raises ObjectsFailed and NoSpace."""
    tally = _Tally()
    content = await write(_compressed(_lines(them, tally)), to)
    return Objects(count=tally.count, bytes=tally.bytes, list=content)


def read_list(file: Path) -> Iterator[Object]:
    with gzip.open(file, "rb") as lines:
        for line in lines:
            yield msgspec.json.decode(line, type=Object)


async def _lines(them: Iterable[Shelf], tally: _Tally) -> AsyncGenerator[bytes]:
    for shelf in them:
        async for one in shelf.objects():
            tally.count += 1
            tally.bytes += one.size
            yield msgspec.json.encode(one) + b"\n"


async def _compressed(lines: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    compressor = zlib.compressobj(wbits=_GZIP)
    async for line in lines:
        if some := compressor.compress(line):
            yield some
    yield compressor.flush()
