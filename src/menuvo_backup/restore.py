"""A backup put in the place of the live database, which is kept under another name.

Until the switch nothing of the live one is touched, and the switch is one transaction.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from menuvo_backup import log, queries
from menuvo_backup.bucket import PATIENT, Patience
from menuvo_backup.catalog import Catalog
from menuvo_backup.errors import BackupError, NoSpace, NoSuchBackup, Refused, explained
from menuvo_backup.places import (
    MAINTENANCE,
    Places,
    before_name,
    drop,
    find_free_bytes,
    look,
    put_back,
    refuse_while_used,
    rename,
)
from menuvo_backup.postgres import Connection, connection_to
from menuvo_backup.records import Record, Source
from menuvo_backup.restoring import compare, restore_into
from menuvo_backup.roles import missing_roles
from menuvo_backup.scratch import scratch
from menuvo_backup.session import Session, session_with
from menuvo_backup.settings import Settings
from menuvo_backup.sources import Backup, Files, fetch, take_from_here, whole
from menuvo_backup.statements import create, dress
from menuvo_backup.vault import Vault, vault_of
from menuvo_backup.verify import choose
from menuvo_backup.writing import check_space, megabytes

LATEST = "latest"


async def restore(
    settings: Settings,
    record_id: str,
    *,
    source: Source | None = None,
    patience: Patience = PATIENT,
) -> None:
    """Raises BackupError, after it was logged; the live database is then as it was."""
    catalog = Catalog(settings.folder)
    with catalog.alone(), connection_to(settings.database_url) as connection:
        backup = whole(_chosen(catalog, record_id))
        nearest: Source = "here" if catalog.has_dump(backup.record) else "bucket"
        vault = _vault(settings, backup, source or nearest, patience)
        started = time.monotonic()
        try:
            kept = await _restore(connection, catalog, backup, vault)
        except asyncio.CancelledError:
            log.warning("restore_interrupted", id=backup.record.id, **await _truth(connection))
            raise
        except Exception as raw:  # the edge of a run: whatever it is, it has to be said
            error = explained(raw)
            log.error("restore_failed", id=backup.record.id, cause=error.cause, hint=error.hint)
            raise error from raw
        seconds = round(time.monotonic() - started, 3)
        log.info("restore_done", id=backup.record.id, kept=kept, seconds=seconds)


def _chosen(catalog: Catalog, record_id: str) -> Record:
    """The latest is the newest that was not proved to be none; one that is only here is as good."""
    if record_id != LATEST:
        return choose(catalog, record_id)
    for record in catalog.list_records():
        if record.dump is not None and not record.refuted:
            return record
    raise NoSuchBackup("There is no backup to restore here.", hint="See: menuvo-backup list.")


def _vault(settings: Settings, backup: Backup, source: Source, patience: Patience) -> Vault | None:
    if source == "here":
        return None
    vault = vault_of(settings, patience)
    if vault is None or not backup.record.uploaded:
        raise Refused(
            f"Backup {backup.record.id} is in no bucket.", hint="Its copy here is gone, too?"
        )
    return vault


async def _restore(
    connection: Connection, catalog: Catalog, backup: Backup, vault: Vault | None
) -> str | None:
    live, contents = connection.database, backup.contents
    kept = before_name(live, datetime.now(UTC))
    server = connection.to(MAINTENANCE)
    async with session_with(server) as session:
        places = await _tidied(session, live)
        await _check(session, server, backup, places)
    with scratch(catalog.folder) as place:
        files = await _files(catalog, backup, vault, place)
        roles = await asyncio.to_thread(files.globals.read_text, encoding="utf-8")
        async with _in_the_making(server, places.restoring):
            async with session_with(server) as session:
                await _make_roles(session, roles)
                await session.do(create(places.restoring, contents.database))
            log.info("restore_created", database=places.restoring)
            await _load(connection.to(places.restoring), backup, files)
            async with session_with(server) as session:
                await session.do(dress(places.restoring, contents.database))
                return await _switch(session, places, kept)


async def _tidied(session: Session, live: str) -> Places:
    """Nothing is left of an earlier restore that was killed, and the name has its database."""
    places = await look(session, live)
    if places.restoring_exists:
        await drop(session, places.restoring)
        log.warning("restore_leftover_removed", database=places.restoring)
    if not places.exists and places.before:
        await put_back(session, places)
    return await look(session, live)


async def _check(session: Session, server: Connection, backup: Backup, places: Places) -> None:
    free, needed = await find_free_bytes(server), backup.contents.database.bytes
    log.info(
        "restore_started",
        id=backup.record.id,
        database=places.live,
        schema_head=backup.contents.schema_head,
        rows=backup.contents.total_rows,
        verified=backup.record.verified.at if backup.record.verified else None,
        needed_bytes=needed,
        free_bytes=free,
    )
    await refuse_while_used(session, places.live)
    if free is not None and free < needed:
        raise NoSpace(
            f"The restored database needs {megabytes(needed)} beside the live one, and the "
            f"server's disk has {megabytes(free)} free.",
            hint="Make room there: menuvo-backup forget-restore removes what earlier ones kept.",
        )


async def _files(catalog: Catalog, backup: Backup, vault: Vault | None, place: Path) -> Files:
    if vault is None:
        files = await take_from_here(backup, catalog.path(backup.record))
    else:
        check_space(place, backup.dump.bytes, what="Fetching the dump")
        files = await fetch(backup, vault, place)
    source = "here" if vault is None else "bucket"
    log.info("restore_checked", source=source, bytes=backup.dump.bytes, seconds=files.seconds)
    return files


@asynccontextmanager
async def _in_the_making(server: Connection, name: str) -> AsyncGenerator[None]:
    """Whatever ends the block, no half a database stays; after the switch there is none."""
    try:
        yield
    except BaseException:
        try:
            async with session_with(server) as session:
                await drop(session, name)
        except BackupError as error:
            log.warning("restore_leftover", database=name, cause=error.cause)
        raise


async def _make_roles(session: Session, written: str) -> None:
    """On a new server: those to whom the dump gives rights. They have no passwords yet."""
    there = {msgspec.json.decode(line, type=str) for line in await session.ask(queries.ROLES)}
    names, statements = missing_roles(written, there)
    if names:
        await session.do(statements)
        log.info("restore_roles_made", roles=names, hint="A migration gives them their passwords.")


async def _load(connection: Connection, backup: Backup, files: Files) -> None:
    started = time.monotonic()
    await restore_into(connection, files.dump)
    log.info("restore_loaded", seconds=round(time.monotonic() - started, 3))
    found = await compare(connection, backup.contents)
    log.info("restore_compared", rows=found.total_rows, tables=len(found.rows))
    async with session_with(connection) as session:
        # A dump has no statistics, and without them the first hours would be slow.
        await session.do("ANALYZE;")


async def _switch(session: Session, places: Places, kept: str) -> str | None:
    await refuse_while_used(session, places.live)
    renames = [(places.restoring, places.live)]
    if places.exists:
        renames.insert(0, (places.live, kept))
    await rename(session, *renames)
    log.info("restore_switched", database=places.live, kept=kept if places.exists else None)
    return kept if places.exists else None


async def _truth(connection: Connection) -> dict[str, object]:
    """What there is after an interruption, which may have come while the switch was answered."""
    try:
        async with session_with(connection.to(MAINTENANCE)) as session:
            places = await look(session, connection.database)
    except BackupError:
        return {"hint": "Run it again, or menuvo-backup undo-restore."}
    return {"exists": places.exists, "kept": places.kept}
