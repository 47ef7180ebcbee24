"""One backup: dump, keep, upload. Whatever fails, nothing half is left, and the record says why."""

import asyncio
import time
from datetime import UTC, datetime

from msgspec.structs import replace

from menuvo_backup import log, postgres
from menuvo_backup.bucket import PATIENT, Patience
from menuvo_backup.catalog import Catalog
from menuvo_backup.contents import reading
from menuvo_backup.dumping import dump
from menuvo_backup.errors import Abandoned, BackupError, NothingToUpload, explained
from menuvo_backup.objects.copying import copy_objects
from menuvo_backup.objects.listing import list_objects
from menuvo_backup.records import (
    DUMP,
    GLOBALS,
    OBJECTS,
    RECORD,
    Content,
    Objects,
    Record,
    encode,
)
from menuvo_backup.settings import Settings
from menuvo_backup.turns import turn_of_dumps
from menuvo_backup.vault import Vault, vault_of
from menuvo_backup.writing import check_space, write


async def back_up(settings: Settings, patience: Patience = PATIENT) -> Record:
    """Raises BackupError, after it was logged and recorded."""
    catalog, vault = Catalog(settings.folder), vault_of(settings, patience)
    async with turn_of_dumps(settings.folder):
        with catalog.alone():
            return await _back_up(catalog, vault, settings)


async def upload(settings: Settings, patience: Patience = PATIENT) -> Record:
    """Finish the newest backup whose dump is whole but did not reach the bucket."""
    catalog, vault = Catalog(settings.folder), vault_of(settings, patience)
    async with turn_of_dumps(settings.folder):
        with catalog.alone():
            return await _upload_newest(catalog, vault, settings)


async def _back_up(catalog: Catalog, vault: Vault | None, settings: Settings) -> Record:
    _prune(catalog, settings)
    record = catalog.begin()
    log.info("backup_started", id=record.id)
    record = await _dump(catalog, record, settings)
    if vault is not None:
        record = await _upload(catalog, record, vault)
    else:
        log.warning("backup_only_here", id=record.id, hint="A lost disk takes it along.")
        record = _good(record)
    return await _finish(catalog, record, settings)


async def _upload_newest(catalog: Catalog, vault: Vault | None, settings: Settings) -> Record:
    record = next((found for found in catalog.list_records() if found.only_here), None)
    if record is None or vault is None:
        raise NothingToUpload("No backup lies only here.")
    log.info("upload_started", id=record.id)
    record = await _upload(catalog, record, vault)
    return await _finish(catalog, record, settings)


async def _dump(catalog: Catalog, record: Record, settings: Settings) -> Record:
    try:
        with postgres.connection_to(settings.database_url) as connection:
            record = await _write_dump(catalog, record, connection)
        if settings.objects is not None:
            # After the snapshot, so that what its rows name is in the list.
            place = catalog.workplace(record)
            objects = await list_objects(settings.objects, place, record.id)
            record = replace(record, objects=objects)
        catalog.keep(record)
    except asyncio.CancelledError:
        catalog.forget(record)
        log.warning("backup_interrupted", id=record.id, hint="It is made up for at the next start.")
        raise
    except Exception as raw:  # the edge of a run: whatever it is, the record has to say it
        error = explained(raw)
        _ = catalog.fail(record, error)
        _report(record, error)
        raise error from raw
    return record


async def _write_dump(catalog: Catalog, record: Record, connection: postgres.Connection) -> Record:
    place = catalog.workplace(record)
    server = await postgres.ask_server(connection)
    await postgres.check_dump_tool(connection, server)
    last = catalog.find_last_good()
    check_space(place, last.dump.bytes if last and last.dump else server.database_bytes)
    started = time.monotonic()
    roles = await write(postgres.dump_globals(connection), place / GLOBALS)
    async with reading(connection) as found:
        content = await dump(connection, found.snapshot, place / DUMP)
    seconds = round(time.monotonic() - started, 3)
    log.info(
        "dump_written",
        id=record.id,
        bytes=content.bytes,
        rows=found.contents.total_rows,
        schema_head=found.contents.schema_head,
        seconds=seconds,
    )
    return replace(
        record,
        server_version=server.version,
        dump=content,
        globals=roles,
        contents=found.contents,
        seconds=seconds,
    )


async def _upload(catalog: Catalog, record: Record, vault: Vault) -> Record:
    started = time.monotonic()
    try:
        record = replace(
            record,
            dump=await _send(vault, catalog, record, DUMP, record.dump),
            globals=await _send(vault, catalog, record, GLOBALS, record.globals),
            objects=await _send_list(vault, catalog, record),
            seconds=round(record.seconds + time.monotonic() - started, 3),
            uploaded=True,
            # A trial of the copy here is none of what lies there.
            verified=None,
        )
        good = _good(record)
        # Last, so that what is listed there is whole.
        await vault.bucket.put(encode(good), to=f"{record.id}/{RECORD}")
    except asyncio.CancelledError:
        stopped = Abandoned("The upload was stopped.", hint="It begins again at the next start.")
        catalog.fail_upload(record, stopped)
        log.warning("upload_interrupted", id=record.id, hint=stopped.hint)
        raise
    except Exception as raw:  # as above: the edge of a run
        error = explained(raw)
        catalog.fail_upload(record, error)
        _report(record, error)
        raise error from raw
    return good


async def _send(
    vault: Vault, catalog: Catalog, record: Record, name: str, content: Content | None
) -> Content | None:
    if content is None:
        return None
    return await vault.upload(catalog.path(record) / name, content, to=f"{record.id}/{name}")


async def _send_list(vault: Vault, catalog: Catalog, record: Record) -> Objects | None:
    if record.objects is None:
        return None
    sent = await _send(vault, catalog, record, OBJECTS, record.objects.list)
    return replace(record.objects, list=sent)


def _good(record: Record) -> Record:
    return replace(record, outcome="good", ended=datetime.now(UTC), cause="", hint="")


async def _finish(catalog: Catalog, good: Record, settings: Settings) -> Record:
    catalog.update(good)
    size = good.dump.bytes if good.dump else 0
    log.info("backup_done", id=good.id, bytes=size, seconds=good.seconds, uploaded=good.uploaded)
    _prune(catalog, settings)
    return await _copy(catalog, good, settings)


async def _copy(catalog: Catalog, good: Record, settings: Settings) -> Record:
    """The backup is made; what is cut off here goes on with the next one."""
    objects = settings.objects
    if objects is None or objects.copy is None:
        return good
    copied = await copy_objects(objects, objects.copy, good.id)
    record = replace(good, objects=replace(good.objects or Objects(), copied=copied))
    catalog.update(record)
    return record


def _prune(catalog: Catalog, settings: Settings) -> None:
    for removed in catalog.prune(settings.keep_days, datetime.now(UTC)):
        log.info("backup_removed", id=removed.id, why="It has had its time (BACKUP_KEEP_DAYS).")


def _report(record: Record, error: BackupError) -> None:
    log.error("backup_failed", id=record.id, cause=error.cause, hint=error.hint)
