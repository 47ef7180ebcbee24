"""`objects`: what a backup's list has and the platform's buckets do not, and how it comes back."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from menuvo_backup import log
from menuvo_backup.bucket import Patience
from menuvo_backup.catalog import Catalog
from menuvo_backup.errors import NoList, NoSuchBackup, ObjectsFailed
from menuvo_backup.objects.carrying import carry
from menuvo_backup.objects.copying import known_of
from menuvo_backup.objects.listing import read_list
from menuvo_backup.objects.stores import UNHURRIED, Object, copies, shelves
from menuvo_backup.records import OBJECTS, Content, Record
from menuvo_backup.settings import ObjectsSettings, Settings
from menuvo_backup.vault import vault_of


@dataclass(frozen=True, slots=True)
class Compared:
    id: str
    listed: int
    gone: int
    restored: int = 0


async def compare_objects(
    settings: Settings,
    record_id: str | None,
    *,
    restores: bool = False,
    patience: Patience = UNHURRIED,
) -> Compared:
    """`restores` brings back what the bucket for copies has. Raises NoList and ObjectsFailed."""
    if settings.objects is None:
        raise NoList("The platform's buckets are not known.", hint="Set S3_BUCKET and the others.")
    catalog = Catalog(settings.folder)
    record, content = _find(catalog, record_id)
    file = await _provide(catalog.path(record) / OBJECTS, content, settings)
    known = await known_of(shelves(settings.objects, patience))
    listed = gone = 0
    for one in read_list(file):
        listed += 1
        gone += one not in known
    log.info("objects_compared", id=record.id, listed=listed, gone=gone)
    restored = await _bring_back(settings.objects, file, patience) if restores and gone else 0
    return Compared(record.id, listed, gone, restored)


def _find(catalog: Catalog, record_id: str | None) -> tuple[Record, Content]:
    """The newest that has a list, where none is named."""
    for record in catalog.list_records():
        if record_id not in {None, record.id}:
            continue
        if record.objects is not None and record.objects.list is not None:
            return record, record.objects.list
        if record_id is not None:
            raise NoList(f"Backup {record.id} has no list of pictures and files.")
    if record_id is None:
        raise NoList("No backup has a list of pictures and files yet.")
    raise NoSuchBackup(f"There is no backup {record_id}.", hint="See: menuvo-backup list.")


async def _provide(file: Path, content: Content, settings: Settings) -> Path:
    """On a new server the lists lie in the bucket, as the dumps do."""
    if not await asyncio.to_thread(file.exists):
        vault = vault_of(settings)
        if vault is None:
            raise NoList(f"{file.name} is not on this disk.")
        fresh = file.with_name(f"{file.name}.new")
        fresh.unlink(missing_ok=True)
        await vault.download(content, to=fresh)
        _ = fresh.rename(file)
    return file


async def _bring_back(settings: ObjectsSettings, file: Path, patience: Patience) -> int:
    if settings.copy is None:
        raise NoList(
            "There are no copies.", hint="Set BACKUP_OBJECTS_S3_BUCKET and its neighbours."
        )
    target = shelves(settings, patience)
    known = await known_of(target)

    async def gone() -> AsyncGenerator[Object]:
        for one in read_list(file):
            if one not in known:
                yield one

    carried = await carry(gone(), copies(settings, settings.copy, patience), target)
    log.info("objects_restored", count=carried.count, bytes=carried.bytes, left=carried.left)
    if carried.failures:
        first = carried.failures[0]
        raise ObjectsFailed(f"{carried.left} did not come back. {first.cause}", hint=first.hint)
    return carried.count
