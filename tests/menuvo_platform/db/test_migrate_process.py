"""`menuvo-platform migrate` as a process that is ended in the middle of a step."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from menuvo_ops.local.postgres import PostgresServer
from menuvo_platform.db.schema import HEAD
from tests.conftest import APP_PASSWORD, cloned_database
from tests.menuvo_platform.db.steps import NEXT, add_step, copy_code, has_column, look, revision

pytestmark = pytest.mark.slow

ADD_COLUMN = "ALTER TABLE orders ADD COLUMN tip_cents bigint"
AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'menuvo-migrate'"
ASLEEP = f"{AT_WORK} AND query LIKE '%pg_sleep(300)%' AND state = 'active'"


@pytest.fixture
def url(postgres: PostgresServer) -> Generator[str]:
    with cloned_database(postgres) as database:
        yield database.owner_url


@asynccontextmanager
async def migrating(url: str, code: Path, *arguments: str) -> AsyncGenerator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "menuvo_platform", "migrate", *arguments),
        stdout=PIPE,
        stderr=STDOUT,
        env=os.environ
        | {
            "PYTHONPATH": str(code),
            "DATABASE_URL": url,
            "APP_DB_PASSWORD": APP_PASSWORD,
            "REDIS_URL": "redis://nowhere",
            "AUTH_SECRET": "a secret of the tests, long enough",
            "PUBLIC_URL": "http://menuvo.test",
            "STORAGE_DIR": str(code),
        },
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until(url: str, query: str, *, count: int) -> None:
    async with asyncio.timeout(20):
        while await look(url, query) != count:
            await asyncio.sleep(0.05)


async def told_by(process: Process) -> str:
    said, _ = await asyncio.wait_for(process.communicate(), 30)
    return said.decode()


async def test_a_step_that_fails_ends_with_exit_code_1_and_no_traceback(
    url: str, tmp_path: Path
) -> None:
    code, versions = copy_code(tmp_path / "code")
    add_step(versions, "divide", "SELECT 1 / 0")
    async with migrating(url, code) as process:
        lines = (await told_by(process)).splitlines()
    assert process.returncode == 1
    assert lines == [
        "role menuvo_app is ready",
        f"{NEXT} divide ...",
        f"Step {NEXT} divide failed and is rolled back: division by zero.",
        f"The database is at {HEAD}.",
    ]


async def test_a_contract_step_is_refused_with_exit_code_1_before_anything_is_changed(
    url: str, tmp_path: Path
) -> None:
    code, versions = copy_code(tmp_path / "code")
    add_step(versions, "add_tip", ADD_COLUMN)
    add_step(versions, "drop_note", "ALTER TABLE orders DROP COLUMN note", contract=NEXT)
    async with migrating(url, code, "--running", HEAD) as process:
        told = await told_by(process)
    assert process.returncode == 1
    assert "drop_note is refused" in told
    assert await revision(url) == HEAD


async def test_sigterm_in_the_middle_of_a_step_rolls_it_back_and_says_so(
    url: str, tmp_path: Path
) -> None:
    code, versions = copy_code(tmp_path / "code")
    add_step(versions, "add_tip", ADD_COLUMN, "SELECT pg_sleep(300)")
    async with migrating(url, code) as process:
        await until(url, ASLEEP, count=1)
        process.send_signal(signal.SIGTERM)
        told = await told_by(process)
        # Not only will it be gone: it is, or the next migration would wait for it.
        assert await look(url, AT_WORK) == 0
    assert process.returncode == 1
    assert told.endswith(
        f"Step {NEXT} add_tip failed and is rolled back: it was told to stop in the middle.\n"
        f"The database is at {HEAD}.\n"
    )
    assert not await has_column(url, "orders", "tip_cents")


async def test_a_migration_that_is_killed_lets_go_of_its_locks_in_the_middle_of_a_statement(
    url: str, tmp_path: Path
) -> None:
    code, versions = copy_code(tmp_path / "code")
    add_step(versions, "add_tip", ADD_COLUMN, "SELECT pg_sleep(300)")
    async with migrating(url, code) as process:
        await until(url, ASLEEP, count=1)
        process.kill()
        await process.wait()
        await until(url, AT_WORK, count=0)
    assert await revision(url) == HEAD
    assert not await has_column(url, "orders", "tip_cents")
