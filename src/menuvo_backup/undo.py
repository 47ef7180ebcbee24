"""The way back from a restore, and the end of that way."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from menuvo_backup import log
from menuvo_backup.catalog import Catalog
from menuvo_backup.errors import BackupError, NothingKept, Refused
from menuvo_backup.places import (
    MAINTENANCE,
    drop,
    look,
    put_back,
    refuse_while_used,
    rename,
    undone_name,
)
from menuvo_backup.postgres import connection_to
from menuvo_backup.session import session_with
from menuvo_backup.settings import Settings


async def undo_restore(settings: Settings) -> None:
    """The newest database that a restore kept comes back, and what was restored is kept instead."""
    catalog = Catalog(settings.folder)
    with catalog.alone(), connection_to(settings.database_url) as connection:
        live = connection.database
        async with (
            _told("undo_restore_failed"),
            session_with(connection.to(MAINTENANCE)) as session,
        ):
            places = await look(session, live)
            if not places.before:
                raise NothingKept("No restore kept a database.")
            await drop(session, places.restoring)
            if not places.exists:
                await put_back(session, places)
                return
            undone = undone_name(live, datetime.now(UTC))
            await refuse_while_used(session, live)
            await rename(session, (live, undone), (places.before[0], live))
            log.info("restore_undone", database=live, was=places.before[0], kept=undone)


async def forget_restore(settings: Settings) -> None:
    """Everything that restores kept is given up."""
    catalog = Catalog(settings.folder)
    with catalog.alone(), connection_to(settings.database_url) as connection:
        live = connection.database
        async with (
            _told("forget_restore_failed"),
            session_with(connection.to(MAINTENANCE)) as session,
        ):
            places = await look(session, live)
            if not places.exists:
                raise NothingKept(
                    f"There is no database {live}, so what is kept is all there is.",
                    hint="Put it back first: menuvo-backup undo-restore.",
                )
            if not places.kept and not places.restoring_exists:
                raise NothingKept("No restore kept a database.")
            for name in [*places.kept, *([places.restoring] if places.restoring_exists else [])]:
                await drop(session, name)
                log.info("restore_forgotten", database=name)


@asynccontextmanager
async def _told(event: str) -> AsyncGenerator[None]:
    try:
        yield
    except Refused:
        raise
    except BackupError as error:
        log.error(event, cause=error.cause, hint=error.hint)
        raise
