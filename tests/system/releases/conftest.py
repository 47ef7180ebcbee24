"""The previous release, or the reason why there is none."""

import secrets
from collections.abc import Generator
from pathlib import Path

import pytest

from menuvo_ops.local.postgres import PostgresServer
from menuvo_ops.local.redis import RedisServer
from tests.conftest import APP_PASSWORD, quoted, run_as_owner
from tests.system.clone import CHECKOUT
from tests.system.releases.history import HistoryUnknown, Previous, find_previous, present_head
from tests.system.releases.outliving import Place

TOLD = pytest.StashKey[str]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a previous release there is nothing to test, which is no skip: nothing is missing."""
    concerned = [item for item in items if "previous" in getattr(item, "fixturenames", ())]
    if not concerned:
        return
    try:
        previous = find_previous(CHECKOUT)
    except HistoryUnknown:
        return  # The fixture fails with it.
    if previous:
        config.stash[TOLD] = f"The present schema was put under {previous}."
        return
    config.stash[TOLD] = (
        f"There is none: every commit before this one has schema {present_head(CHECKOUT)} too."
    )
    config.hook.pytest_deselected(items=concerned)
    items[:] = [item for item in items if item not in concerned]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    told = terminalreporter.config.stash.get(TOLD, None)
    if told:
        terminalreporter.section("the previous release")
        terminalreporter.line(told)


@pytest.fixture
def previous() -> Previous:
    previous = find_previous(CHECKOUT)
    assert previous
    return previous


@pytest.fixture
def place(postgres: PostgresServer, redis_server: RedisServer, tmp_path: Path) -> Generator[Place]:
    database = f"test_{secrets.token_hex(6)}"
    run_as_owner(postgres, f'CREATE DATABASE "{database}"')
    storage = tmp_path / "storage"
    storage.mkdir()
    application = {
        "DATABASE_URL": postgres.url("menuvo_app", database, password=quoted(APP_PASSWORD)),
        "REDIS_URL": redis_server.url(),
        "AUTH_SECRET": "a secret of the tests, long enough",
        "PUBLIC_URL": "http://127.0.0.1",
        "STORAGE_DIR": str(storage),
        "DRAIN_SECONDS": "0",
        "LOG_FORMAT": "text",
    }
    owner = {"DATABASE_URL": postgres.url(database=database), "APP_DB_PASSWORD": APP_PASSWORD}
    try:
        yield Place({**application, **owner}, application, tmp_path / "instance.log")
    finally:
        run_as_owner(postgres, f'DROP DATABASE "{database}" WITH (FORCE)')
