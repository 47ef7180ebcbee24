"""What happens to a migration on a real PostgreSQL when something is in its way."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from menuvo_ops.local.postgres import PostgresServer
from menuvo_platform.db.migrate import MIGRATION_LOCK, migrate
from menuvo_platform.db.migration_steps import PATIENCE
from menuvo_platform.db.schema import HEAD
from menuvo_platform.errors import MigrationFailed, MigrationRefused
from tests.conftest import APP_PASSWORD, cloned_database
from tests.menuvo_platform.db.steps import (
    AFTER_NEXT,
    NEXT,
    add_step,
    copy_versions,
    has_column,
    look,
    revision,
)

ADD_COLUMN = "ALTER TABLE orders ADD COLUMN tip_cents bigint"
IMPATIENT = replace(PATIENCE, lock=0.1, step=0.5, turn=0.3, first_pause=0.05, longest_pause=0.1)
BRISK = replace(PATIENCE, lock=0.1, first_pause=0.05, longest_pause=0.1)


@pytest.fixture
def url(postgres: PostgresServer) -> Generator[str]:
    with cloned_database(postgres) as database:
        yield database.owner_url


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    return copy_versions(tmp_path / "versions")


@asynccontextmanager
async def holding(url: str, statement: str) -> AsyncGenerator[asyncpg.Connection]:
    """Another session in the middle of its transaction."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("BEGIN")
        await connection.execute(statement)
        yield connection
    finally:
        await connection.close()


async def test_a_lock_that_is_held_for_a_while_is_waited_for_and_each_try_is_told(
    url: str, versions: Path
) -> None:
    add_step(versions, "add_tip", ADD_COLUMN)
    said: list[str] = []
    async with holding(url, "LOCK TABLE orders IN ACCESS SHARE MODE") as other:
        tried_twice = asyncio.Event()

        def say(line: str) -> None:
            said.append(line)
            if "try 2" in line:
                tried_twice.set()

        work = asyncio.create_task(
            migrate(url, APP_PASSWORD, say, versions=versions, patience=BRISK)
        )
        await asyncio.wait_for(tried_twice.wait(), 20)
        pid = other.get_server_pid()
        await other.execute("COMMIT")
        await work
    assert said[1] == f"{NEXT} add_tip ..."
    assert f"(try 1); the oldest open transaction is of process {pid} of PostgreSQL" in said[2]
    assert said[2].endswith("next try in 0.05 s")
    assert said[-2].startswith(f"{NEXT} add_tip ... done in ")
    assert said[-1] == f"schema is at {NEXT} (was {HEAD})"
    assert await has_column(url, "orders", "tip_cents")


async def test_a_lock_that_is_held_too_long_ends_in_a_sentence_and_nothing_is_changed(
    url: str, versions: Path
) -> None:
    add_step(versions, "add_tip", "CREATE TABLE tips (id uuid PRIMARY KEY)", ADD_COLUMN)
    async with holding(url, "LOCK TABLE orders IN ACCESS SHARE MODE"):
        with pytest.raises(MigrationFailed) as failed:
            await migrate(url, APP_PASSWORD, lambda _: None, versions=versions, patience=IMPATIENT)
    told = str(failed.value)
    assert told.startswith(f"Step {NEXT} add_tip failed and is rolled back: a lock was not to be")
    assert "canceling statement due to lock timeout" in told
    assert f"The database is at {HEAD}. Deploy again when" in told
    assert await revision(url) == HEAD
    assert not await has_column(url, "orders", "tip_cents")
    assert await look(url, "SELECT to_regclass('tips')") is None


async def test_a_step_that_fails_half_way_leaves_the_schema_at_the_one_before_it(
    url: str, versions: Path
) -> None:
    add_step(versions, "add_tip", ADD_COLUMN)
    add_step(versions, "divide", "CREATE TABLE halves (id uuid PRIMARY KEY)", "SELECT 1 / 0")
    with pytest.raises(MigrationFailed) as failed:
        await migrate(url, APP_PASSWORD, lambda _: None, versions=versions)
    assert str(failed.value) == (
        f"Step {AFTER_NEXT} divide failed and is rolled back: division by zero.\n"
        f"The database is at {NEXT}."
    )
    assert await revision(url) == NEXT
    assert await has_column(url, "orders", "tip_cents")
    assert await look(url, "SELECT to_regclass('halves')") is None


async def test_of_two_migrations_at_once_one_does_the_work_and_the_other_waits_for_it(
    url: str, versions: Path
) -> None:
    add_step(versions, "add_tip", ADD_COLUMN, "SELECT pg_sleep(0.5)")
    said: tuple[list[str], list[str]] = ([], [])
    await asyncio.gather(
        *(migrate(url, APP_PASSWORD, one.append, versions=versions) for one in said)
    )
    waited, worked = sorted(said, key=lambda lines: f"{NEXT} add_tip ..." in lines)
    assert waited[0].startswith("another migration is at work, process ")
    assert waited[1:] == ["role menuvo_app is ready", f"schema is at {NEXT}"]
    assert worked[-1] == f"schema is at {NEXT} (was {HEAD})"


async def test_a_migration_that_never_ends_is_not_waited_for_for_ever(
    url: str, versions: Path
) -> None:
    add_step(versions, "add_tip", ADD_COLUMN)
    async with holding(url, f"SELECT pg_advisory_lock({MIGRATION_LOCK})") as other:
        with pytest.raises(MigrationFailed) as failed:
            await migrate(url, APP_PASSWORD, lambda _: None, versions=versions, patience=IMPATIENT)
        pid = other.get_server_pid()
    told = str(failed.value)
    assert told.startswith(f"Another migration is still at work after 0.3 s (process {pid} of Post")
    assert told.endswith(f"or end it: SELECT pg_terminate_backend({pid}).")
    assert await revision(url) == HEAD


async def test_an_index_that_is_built_beside_the_work_is_built_anew_after_a_lock_timeout(
    url: str, versions: Path
) -> None:
    add_step(
        versions,
        "index_notes",
        "DROP INDEX CONCURRENTLY IF EXISTS orders_note_idx",
        "CREATE INDEX CONCURRENTLY orders_note_idx ON orders (note)",
        alone=True,
    )
    tried = asyncio.Event()
    async with holding(url, "LOCK TABLE orders IN ROW EXCLUSIVE MODE") as other:
        work = asyncio.create_task(
            migrate(
                url,
                APP_PASSWORD,
                lambda line: tried.set() if "try 1" in line else None,
                versions=versions,
                patience=BRISK,
            )
        )
        await asyncio.wait_for(tried.wait(), 20)
        await other.execute("COMMIT")
        await work
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_note_idx'::regclass"
    assert await look(url, valid) is True


async def test_a_contract_step_waits_for_a_release_that_can_live_with_it(
    url: str, versions: Path
) -> None:
    add_step(versions, "add_tip", ADD_COLUMN)
    add_step(versions, "drop_note", "ALTER TABLE orders DROP COLUMN note", contract=NEXT)
    said: list[str] = []
    with pytest.raises(MigrationRefused) as refused:
        await migrate(url, APP_PASSWORD, said.append, running=HEAD, versions=versions)
    told = str(refused.value)
    assert told.startswith(f"Step {AFTER_NEXT} drop_note is refused: it takes away")
    assert f"one whose head is at least {NEXT} and below {AFTER_NEXT}" in told
    assert told.endswith(f"the schema stays at {HEAD}.")
    assert (said, await revision(url)) == ([], HEAD)
    assert not await has_column(url, "orders", "tip_cents")

    await migrate(url, APP_PASSWORD, said.append, running=NEXT, versions=versions)
    assert await revision(url) == AFTER_NEXT
    assert not await has_column(url, "orders", "note")


async def test_a_contract_step_that_is_applied_already_is_nobodys_hindrance(
    url: str, versions: Path
) -> None:
    add_step(versions, "drop_note", "ALTER TABLE orders DROP COLUMN note", contract=HEAD)
    await migrate(url, APP_PASSWORD, lambda _: None, versions=versions)
    await migrate(url, APP_PASSWORD, lambda _: None, running="0000", versions=versions)


async def test_a_schema_ahead_of_the_release_is_left_as_it_is(url: str, versions: Path) -> None:
    add_step(versions, "add_tip", ADD_COLUMN)
    await migrate(url, APP_PASSWORD, lambda _: None, versions=versions)
    said: list[str] = []
    await migrate(url, APP_PASSWORD, said.append)
    assert said[-1] == f"schema is at {NEXT}"


async def test_a_database_with_a_strange_revision_is_refused(url: str, versions: Path) -> None:
    await look(url, "UPDATE alembic_version SET version_num = '0000' RETURNING 1")
    with pytest.raises(MigrationRefused, match="0000, which is no step of this release"):
        await migrate(url, APP_PASSWORD, lambda _: None, versions=versions)
