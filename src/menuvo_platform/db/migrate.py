"""`menuvo-platform migrate`: the role of the application, then the schema, one at a time.

Runs as the owner. An advisory lock keeps two runs apart, and `lock_timeout` keeps a migration from
queueing behind a long transaction while everything else queues behind the migration.
"""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from asyncpg import PostgresError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from menuvo_platform.db.engine import asyncpg_url
from menuvo_platform.db.migrations.tenancy import APP_ROLE
from menuvo_platform.db.schema import HEAD, NAME_ORDER
from menuvo_platform.errors import DatabaseUnusable

MIGRATION_LOCK = 7_305_808_869_231_650_158  # "menuvo" read as a number, any constant would do
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "10min"

Say = Callable[[str], None]


async def migrate(database_url: str, app_password: str, say: Say) -> None:
    """Brings the database to HEAD. Safe to repeat.

    Raises DatabaseUnusable when it cannot even begin, and else what PostgreSQL raised.
    """
    engine = create_async_engine(asyncpg_url(database_url), poolclass=NullPool)
    try:
        await _reach(engine)
        await _ensure_app_role(engine, app_password)
        say(f"role {APP_ROLE} is ready")
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade, say)
    finally:
        await engine.dispose()


async def _reach(engine: AsyncEngine) -> None:
    try:
        async with engine.connect():
            pass
    except (SQLAlchemyError, PostgresError, OSError) as error:
        # What wraps it names its own class first, which helps nobody.
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        raise DatabaseUnusable(str(cause.__cause__ or cause).splitlines()[0]) from error


async def _ensure_app_role(engine: AsyncEngine, password: str) -> None:
    async with engine.begin() as connection:
        roles = await connection.execute(
            text("SELECT rolname FROM pg_roles WHERE rolname = :name"), {"name": APP_ROLE}
        )
        if roles.first() is None:
            await connection.execute(text(f"CREATE ROLE {APP_ROLE} NOLOGIN"))
        # The password is data, but ALTER ROLE takes no parameter: let the server quote it.
        quoted = await connection.execute(
            text(
                "SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB"
                " NOCREATEROLE PASSWORD %L', CAST(:name AS text), CAST(:password AS text))"
            ),
            {"name": APP_ROLE, "password": password},
        )
        await connection.exec_driver_sql(cast("str", quoted.scalar_one()))
        await connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}"))


def _ensure_name_order(connection: Connection) -> None:
    """A PostgreSQL built without ICU gets a collation of ICU's name, by code points.

    Where ICU is, its own stands in pg_catalog and is found first. This depends on the server and
    not on the schema, so it is no revision: a database restored elsewhere is asked anew.
    """
    known = connection.execute(
        text("SELECT count(*) FROM pg_collation WHERE collname = :name"), {"name": NAME_ORDER}
    )
    if not known.scalar_one():
        connection.execute(
            text(f"CREATE COLLATION public.\"{NAME_ORDER}\" (provider = libc, locale = 'C.UTF-8')")
        )
    connection.commit()


def _upgrade(connection: Connection, say: Say) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext

    connection.execute(text(f"SELECT pg_advisory_lock({MIGRATION_LOCK})"))
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
    connection.commit()
    before = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    _ensure_name_order(connection)
    command.upgrade(config, "head")
    connection.execute(text(f"GRANT SELECT ON alembic_version TO {APP_ROLE}"))
    connection.commit()
    say(f"schema is at {HEAD}" + ("" if before == HEAD else f" (was {before or 'empty'})"))
