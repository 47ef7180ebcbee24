"""Real PostgreSQL and Redis for every test that asks: one server a run, one database a module."""

import asyncio
import os
import secrets
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from menuvo_ops.errors import OpsError
from menuvo_ops.local.postgres import PostgresServer, running_postgres
from menuvo_ops.local.redis import RedisServer, running_redis
from menuvo_platform.db.engine import asyncpg_url, create_engine
from menuvo_platform.db.migrate import migrate
from menuvo_platform.db.session import Sessions, create_sessions

CHECKOUT = Path(__file__).parent.parent
PACKAGES = CHECKOUT / ".menuvo" / "packages"
APP_PASSWORD = "an app password with ' and \\ in it"
TEMPLATE = "menuvo_template"


@dataclass(frozen=True)
class Database:
    owner_url: str
    app_url: str


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def plain_tracebacks() -> None:
    """As production logs them. By itself structlog draws every local variable of every frame, which
    takes seconds for each error that a test provokes."""
    shown = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    processors = structlog.get_config()["processors"]
    structlog.configure(processors=[*processors[:-1], shown])


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Generator[PostgresServer]:
    folder = tmp_path_factory.mktemp("postgres")
    with running_postgres(folder, packages=PACKAGES, fast=True) as server:
        run_as_owner(server, f'CREATE DATABASE "{TEMPLATE}"')
        asyncio.run(migrate(server.url(database=TEMPLATE), APP_PASSWORD, lambda _: None))
        yield server


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[RedisServer]:
    with running_redis(tmp_path_factory.mktemp("redis"), packages=PACKAGES, fast=True) as server:
        yield server


@pytest.fixture(scope="module")
def database(postgres: PostgresServer) -> Generator[Database]:
    with cloned_database(postgres) as database:
        yield database


@contextmanager
def cloned_database(postgres: PostgresServer) -> Generator[Database]:
    """A migrated, empty database of its own."""
    name = f"test_{secrets.token_hex(6)}"
    # Copying files costs two thirds of copying by the log, which is what PostgreSQL does by itself.
    run_as_owner(postgres, f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" STRATEGY file_copy')
    try:
        yield Database(
            owner_url=postgres.url(database=name),
            app_url=postgres.url(role="menuvo_app", database=name, password=quoted(APP_PASSWORD)),
        )
    finally:
        run_as_owner(postgres, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
async def engine(database: Database) -> AsyncGenerator[AsyncEngine]:
    """Connected as menuvo_app, as requests and jobs are."""
    engine = create_engine(database.app_url)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="module")
def sessions(engine: AsyncEngine) -> Sessions:
    return create_sessions(engine)


@pytest.fixture(scope="module")
async def owner_sessions(database: Database) -> AsyncGenerator[Sessions]:
    """Connected as the owner, who sees the rows of all merchants; tests prepare and look with it.
    No schema changes below it, so unlike the platform's own it remembers its statements."""
    engine = create_async_engine(asyncpg_url(database.owner_url))
    yield create_sessions(engine)
    await engine.dispose()


def quoted(password: str) -> str:
    from urllib.parse import quote

    return quote(password, safe="")


def run_as_owner(server: PostgresServer, statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(server.url())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a person would be told to do says more than where it was raised."""
    report = yield
    if call.excinfo and isinstance(call.excinfo.value, OpsError) and call.excinfo.value.hint:
        report.sections.append(("hint", call.excinfo.value.hint))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """In CI a skip is a failure: nothing that a test needs may be missing there."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("CI") == "true":
        terminalreporter.section("skipped although CI=true allows no skip", red=True)
        for report in skipped:
            terminalreporter.line(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
