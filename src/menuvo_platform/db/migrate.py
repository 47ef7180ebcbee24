"""`menuvo-platform migrate`: the role of the application, then the schema, one at a time.

Runs as the owner. An advisory lock keeps two runs apart, and `lock_timeout` keeps a migration from
queueing behind a long transaction while everything else queues behind the migration. Each step is
one transaction: the one that fails leaves nothing behind, the ones before it stay.
"""

from pathlib import Path
from typing import cast

from asyncpg import PostgresError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from menuvo_platform.db.app_role import ensure_app_role, ensure_name_order
from menuvo_platform.db.engine import CONNECT_TIMEOUT_SECONDS, asyncpg_url
from menuvo_platform.db.migration_plan import plan
from menuvo_platform.db.migration_steps import (
    LOCK_NOT_AVAILABLE,
    PATIENCE,
    Patience,
    Say,
    StepStopped,
    apply,
    message,
    sqlstate,
)
from menuvo_platform.db.migrations.tenancy import APP_ROLE
from menuvo_platform.db.revisions import VERSIONS, read_revisions
from menuvo_platform.db.sessions_at_work import find_lock_holder
from menuvo_platform.errors import DatabaseUnusable, MigrationFailed

MIGRATION_LOCK = 7_305_808_869_231_650_158  # "menuvo" read as a number, any constant would do
STATEMENT_TIMEOUT = "10min"


async def migrate(
    database_url: str,
    app_password: str,
    say: Say,
    *,
    app_user: str = APP_ROLE,
    running: str | None = None,
    versions: Path = VERSIONS,
    patience: Patience = PATIENCE,
) -> None:
    """Brings the database to the last of `versions`. Safe to repeat.

    `running` is the schema head of the release that serves meanwhile. Raises DatabaseUnusable when
    it cannot even begin, MigrationRefused before anything was changed, and MigrationFailed.
    """
    engine = create_async_engine(
        asyncpg_url(database_url),
        poolclass=NullPool,
        connect_args={
            "timeout": CONNECT_TIMEOUT_SECONDS,
            # The shape of tables changes under the statements of this very connection.
            "prepared_statement_cache_size": 0,
            "statement_cache_size": 0,
            "server_settings": {
                "application_name": "menuvo-migrate",
                "statement_timeout": STATEMENT_TIMEOUT,
                # A migration that was killed must not hold its locks until its statement ends.
                "client_connection_check_interval": "2s",
            },
        },
    )
    try:
        await _reach(engine)
        async with engine.connect() as connection:
            await _take_turn(connection, say, patience.turn)
            await _set_lock_timeout(connection, patience.lock)
            before = await _read_revision(connection)
            steps = plan(read_revisions(versions), before, running)
            await ensure_app_role(connection, app_user, app_password)
            say(f"role {app_user} is ready")
            await ensure_name_order(connection)
            for step in steps:
                await apply(connection, step, say, patience=patience, versions=versions)
            await _show_version(connection)
            now = await _read_revision(connection)
            say(f"schema is at {now}" + ("" if before == now else f" (was {before or 'empty'})"))
    except StepStopped as stopped:
        raise await _failure(engine, stopped) from stopped
    except DBAPIError as error:
        raise MigrationFailed(
            f"PostgreSQL refuses what surrounds the steps: {message(error)}. What was told as done"
            " stays.\nIs the role of DATABASE_URL the owner of the database?"
        ) from error
    finally:
        await engine.dispose()


async def _reach(engine: AsyncEngine) -> None:
    try:
        async with engine.connect():
            pass
    except (SQLAlchemyError, PostgresError, OSError) as error:
        raise DatabaseUnusable(message(error)) from error


async def _take_turn(connection: AsyncConnection, say: Say, seconds: float) -> None:
    """Held until the connection closes, however that comes about."""
    key = {"lock": MIGRATION_LOCK}
    async with connection.begin():
        tried = await connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), key)
    if cast("bool", tried.scalar_one()):
        return
    holder = await find_lock_holder(connection, MIGRATION_LOCK)
    say(f"another migration is at work, {holder or 'just ending'}; waiting up to {seconds:g} s")
    await _set_lock_timeout(connection, seconds)
    try:
        async with connection.begin():
            await connection.execute(text("SELECT pg_advisory_lock(:lock)"), key)
    except DBAPIError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise
        holder = await find_lock_holder(connection, MIGRATION_LOCK)
        ending = f", or end it: SELECT pg_terminate_backend({holder.pid})" if holder else ""
        raise MigrationFailed(
            f"Another migration is still at work after {seconds:g} s"
            f" ({holder or 'it is just ending'}). Nothing was changed.\n"
            f"Wait for it and migrate again{ending}."
        ) from error


async def _set_lock_timeout(connection: AsyncConnection, seconds: float) -> None:
    async with connection.begin():
        await connection.execute(text(f"SET lock_timeout = {int(seconds * 1000)}"))


async def _read_revision(connection: AsyncConnection) -> str | None:
    """None for an empty database."""
    async with connection.begin():
        if await connection.scalar(text("SELECT to_regclass('public.alembic_version')")) is None:
            return None
        found = await connection.execute(text("SELECT version_num FROM public.alembic_version"))
    return cast("str | None", found.scalar_one_or_none())


async def _show_version(connection: AsyncConnection) -> None:
    """Instances look there whether they can run."""
    async with connection.begin():
        await connection.execute(text(f"GRANT SELECT ON alembic_version TO {APP_ROLE}"))


async def _failure(engine: AsyncEngine, stopped: StepStopped) -> MigrationFailed:
    """Tells where the database is now, once the session that failed has let go of everything."""
    try:
        async with engine.connect() as connection:
            await _set_lock_timeout(connection, 10)
            async with connection.begin():
                key = {"lock": MIGRATION_LOCK}
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), key)
            place = f"The database is at {await _read_revision(connection) or 'no revision yet'}."
    except (SQLAlchemyError, PostgresError, OSError) as error:
        place = f"Where the database is now cannot be read: {message(error)}."
    return MigrationFailed(
        f"Step {stopped.step} failed and is rolled back: {stopped.reason}.\n"
        f"{place} {stopped.remedy}".rstrip()
    )
