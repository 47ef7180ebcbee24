"""A database with rows in it, a bucket, and the service's environment for both."""

import asyncio
import os
import shlex
from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import asyncpg
import pytest

from menuvo_backup.bucket import Patience
from menuvo_backup.catalog import Catalog
from menuvo_backup.settings import BucketSettings, Settings, read_settings
from menuvo_ops.local.binaries import Binaries, provide
from menuvo_ops.local.unprivileged import identity
from tests.age import bindir
from tests.conftest import PACKAGES, Database
from tests.menuvo_backup.object_server import ObjectServer, running_object_server

IMPATIENT = Patience(connect_seconds=1, try_seconds=5, retries=1, retry_seconds=5)


@dataclass(frozen=True)
class Service:
    """The service as its container would have it: a folder, and an environment."""

    folder: Path
    environment: dict[str, str]

    @property
    def catalog(self) -> Catalog:
        return Catalog(self.folder)

    @property
    def settings(self) -> Settings:
        return read_settings(self.environment)

    def leftovers(self) -> list[str]:
        """What a run must not leave."""
        return [str(path) for path in self.folder.rglob("*") if "partial" in path.name]

    def with_(self, **variables: str) -> "Service":
        return replace(self, environment={**self.environment, **variables})


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Those of the server's version come first, as in the image."""
    put_programs_first(monkeypatch, tmp_path)


@cache
def binaries() -> Binaries:
    """Found once: what a test puts first into the path are not they."""
    return provide(PACKAGES, lambda _: None)


def put_programs_first(environment: pytest.MonkeyPatch, folder: Path) -> None:
    found = binaries()
    environment.setenv("PATH", f"{_unprivileged(found.bindir, folder)}:{os.environ['PATH']}")
    for name, value in found.env.items():
        environment.setenv(name, value)


@pytest.fixture
def age(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the image it is beside PostgreSQL's programs."""
    monkeypatch.setenv("PATH", f"{bindir()}:{os.environ['PATH']}")


def _unprivileged(bindir: Path, folder: Path) -> str:
    """A container has no root in it; where the tests have, these two refuse to run as such."""
    shims = folder / "programs"
    shims.mkdir()
    for name in ("initdb", "postgres"):
        argv = shlex.join(identity().run_as([str(bindir / name)]))
        (shims / name).write_text(f'#!/bin/sh\nexec {argv} "$@"\n')
        (shims / name).chmod(0o755)
    return f"{shims}:{bindir}"


@pytest.fixture(scope="session")
def object_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[ObjectServer]:
    with running_object_server(tmp_path_factory.mktemp("objects")) as server:
        yield server


@pytest.fixture
def filled(database: Database) -> Database:
    asyncio.run(fill(database))
    return database


async def fill(database: Database, *, rows: int = 2000) -> None:
    """Rows that compress about as badly as half a dump of random text."""
    connection = await asyncpg.connect(database.owner_url)
    try:
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS noise (id bigint PRIMARY KEY, words text NOT NULL)"
        )
        await connection.execute("TRUNCATE noise")
        await connection.execute(
            "INSERT INTO noise SELECT n, (SELECT string_agg(md5(random()::text || n || m), '') "
            "FROM generate_series(1, 30) m) FROM generate_series(1, $1::int) n",
            rows,
        )
    finally:
        await connection.close()


@pytest.fixture
def local(programs: None, filled: Database, tmp_path: Path) -> Service:
    """Without a bucket."""
    folder = tmp_path / "backups"
    folder.mkdir()
    environment = {
        **os.environ,
        "DATABASE_URL": filled.owner_url,
        "BACKUP_DIR": str(folder),
        "BACKUP_CRON": cron_in(timedelta(hours=12)),
        "TZ": "UTC",
        # The server is that of all tests, and a slot is the server's.
        "BACKUP_WAL": "off",
    }
    return Service(folder, environment)


def cron_in(distance: timedelta) -> str:
    """Daily at the time that comes after `distance`: no test meets a night by chance."""
    due = datetime.now(UTC) + distance
    return f"{due.minute} {due.hour} * * *"


@pytest.fixture
def service(local: Service, object_server: ObjectServer) -> Service:
    """Two tests may begin within a second, and so name their backups alike."""
    object_server.empty()
    return local.with_(**variables_of(object_server.settings))


def variables_of(bucket: BucketSettings) -> dict[str, str]:
    return {
        "BACKUP_S3_ENDPOINT": bucket.endpoint,
        "BACKUP_S3_REGION": bucket.region,
        "BACKUP_S3_BUCKET": bucket.bucket,
        "BACKUP_S3_PREFIX": bucket.prefix,
        "BACKUP_S3_ACCESS_KEY_ID": str(bucket.access_key_id),
        "BACKUP_S3_SECRET_ACCESS_KEY": str(bucket.secret_access_key),
    }
