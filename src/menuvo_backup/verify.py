"""The proof of a backup: fetched back, restored into a PostgreSQL of its own, and compared.

Only then is its manifest written into the bucket: what has one there can be restored.
"""

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from menuvo_backup import log
from menuvo_backup.bucket import PATIENT, Bucket, Patience
from menuvo_backup.catalog import Catalog
from menuvo_backup.errors import BackupError, NoSuchBackup, Refused, Refuted, explained
from menuvo_backup.records import DUMP, MANIFEST, Doubt, Record, Source, Verified, encode
from menuvo_backup.restoring import compare, restore_into
from menuvo_backup.scratch import scratch
from menuvo_backup.session import session_with
from menuvo_backup.settings import Settings
from menuvo_backup.sources import Backup, Files, compare_in_bucket, fetch, take_from_here, whole
from menuvo_backup.statements import create, identifier
from menuvo_backup.throwaway import throwaway
from menuvo_backup.vault import Vault, vault_of
from menuvo_backup.writing import check_space

_DATABASE = "verified"


async def verify(
    settings: Settings,
    record_id: str | None = None,
    *,
    source: Source | None = None,
    patience: Patience = PATIENT,
) -> Record:
    """Raises BackupError, after it was logged and recorded."""
    catalog = Catalog(settings.folder)
    with catalog.alone():
        backup = whole(choose(catalog, record_id))
        vault = vault_of(settings, patience)
        chosen = source or _nearest_to_a_lost_disk(backup, vault)
        if chosen == "here":
            vault = None
        elif vault is None or not backup.record.uploaded:
            raise Refused(f"Backup {backup.record.id} is in no bucket.", hint="Use --from here.")
        unopened = source is None and vault is not None and _is_closed(catalog, backup, vault)
        log.info("verify_started", id=backup.record.id, source=chosen, unopened=unopened)
        try:
            return await _prove(catalog, backup, vault, unopened=unopened)
        except asyncio.CancelledError:
            log.warning("verify_interrupted", id=backup.record.id, hint="Nothing of it is left.")
            raise
        except Exception as raw:  # the edge of a run: whatever it is, the record has to say it
            error = explained(raw)
            catalog.update(_doubted(backup.record, error))
            log.error("verify_failed", id=backup.record.id, cause=error.cause, hint=error.hint)
            raise error from raw


def choose(catalog: Catalog, record_id: str | None) -> Record:
    """The newest one with a dump, where none is named. Raises NoSuchBackup."""
    records = [record for record in catalog.list_records() if record.dump is not None]
    for record in records:
        if record_id in {None, record.id}:
            return record
    raise NoSuchBackup(
        f"There is no backup {record_id} here." if record_id else "There is no backup here.",
        hint="See what there is: menuvo-backup list.",
    )


def _nearest_to_a_lost_disk(backup: Backup, vault: Vault | None) -> Source:
    return "bucket" if vault is not None and backup.record.uploaded else "here"


def _is_closed(catalog: Catalog, backup: Backup, vault: Vault) -> bool:
    """Whether the key is elsewhere, and the copy here can be restored in the place of the other."""
    return not vault.can_open(backup.record) and (catalog.path(backup.record) / DUMP).exists()


async def _prove(
    catalog: Catalog, backup: Backup, vault: Vault | None, *, unopened: bool
) -> Record:
    source: Source = "here" if vault is None or unopened else "bucket"
    with scratch(catalog.folder) as place:
        fetched = backup.dump.bytes if source == "bucket" else 0
        check_space(place, fetched + backup.contents.database.bytes, what="A verification")
        files = await _files(catalog, backup, vault, place, unopened=unopened)
        started = time.monotonic()
        await _restore(backup, files, place)
        restored = round(time.monotonic() - started, 3)
    verified = Verified(
        at=datetime.now(UTC),
        source=source,
        fetch_seconds=files.seconds,
        restore_seconds=restored,
        rows=backup.contents.total_rows,
        unopened=unopened,
    )
    record = _proved(backup.record, verified)
    if vault is not None:
        await _list_as_proved(vault.bucket, record)
    catalog.update(record)
    log.info(
        "backup_verified",
        id=record.id,
        source=verified.source,
        unopened=verified.unopened,
        rows=verified.rows,
        schema_head=backup.contents.schema_head,
        fetch_seconds=verified.fetch_seconds,
        restore_seconds=verified.restore_seconds,
    )
    return record


async def _list_as_proved(bucket: Bucket, record: Record) -> None:
    """Last of all, so that its presence there means that all of this was done. One that is there
    stays: a bucket that locks its objects takes no other, and a drill proves the same again."""
    name = f"{record.id}/{MANIFEST}"
    if await bucket.find(name) is None:
        await bucket.put(encode(record), to=name)


async def _files(
    catalog: Catalog, backup: Backup, vault: Vault | None, place: Path, *, unopened: bool
) -> Files:
    if vault is not None and not unopened:
        return await fetch(backup, vault, place)
    if vault is not None:
        await compare_in_bucket(backup, vault)
    return await take_from_here(backup, catalog.path(backup.record))


async def _restore(backup: Backup, files: Files, place: Path) -> None:
    database = backup.contents.database
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(throwaway(place, database.superuser))
        async with session_with(connection) as session:
            await session.do(_roles(files.globals, but=database.superuser))
            await session.do(create(_DATABASE, database))
        await restore_into(connection.to(_DATABASE), files.dump)
        _ = await compare(connection.to(_DATABASE), backup.contents)


def _roles(file: Path, *, but: str) -> str:
    """Without the one that is there already: it made the cluster."""
    made = {f"CREATE ROLE {but};", f"CREATE ROLE {identifier(but)};"}
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if line.rstrip("\n") not in made)


def _proved(record: Record, verified: Verified) -> Record:
    if record.refuted:
        record = replace(record, outcome="good", refuted=False, cause="", hint="")
    return replace(record, verified=verified, doubt=None)


def _doubted(record: Record, error: BackupError) -> Record:
    """Proved to be none, it has failed. Where it is the verification that did, it is in doubt."""
    doubt = Doubt(at=datetime.now(UTC), cause=error.cause, hint=error.hint)
    record = replace(record, doubt=doubt)
    if not isinstance(error, Refuted):
        return record
    return replace(
        record,
        outcome="failed",
        refuted=True,
        verified=None,
        ended=doubt.at,
        cause=error.cause,
        hint=error.hint,
    )
