"""A cluster whose log is archived into a bucket."""

import asyncio
import os
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from menuvo_backup.wal.archiver import Pace, archive
from menuvo_backup.wal.bases import Base, back_up_base
from menuvo_backup.wal.status import Memory
from menuvo_backup.wal.window import Window, find_window
from tests.menuvo_backup.conftest import IMPATIENT, Service, cron_in, variables_of
from tests.menuvo_backup.object_server import ObjectServer
from tests.menuvo_backup.wal.cluster import Cluster, make_cluster

QUICK = Pace(round_seconds=0.2, beat_seconds=5, again_seconds=0.2, farewell_seconds=5)


@pytest.fixture(scope="session")
def blank_cluster(tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """Of segments of 1 MB, never started."""
    return make_cluster(tmp_path_factory.mktemp("blank") / "data")


@pytest.fixture
def cluster(blank_cluster: Cluster, tmp_path: Path) -> Generator[Cluster]:
    cluster = blank_cluster.copy(tmp_path / "data")
    with cluster.running():
        yield cluster


@dataclass(frozen=True)
class Archived:
    """A cluster, and the service that archives it."""

    cluster: Cluster
    service: Service

    @property
    def memory(self) -> Memory:
        return Memory(self.service.folder)

    @property
    def moment(self) -> datetime:
        status = self.memory.status()
        assert status is not None
        assert status.moment is not None
        return status.moment

    @asynccontextmanager
    async def archiving(self) -> AsyncGenerator[None]:
        task = asyncio.create_task(archive(self.service.settings, QUICK, IMPATIENT))
        try:
            yield
        finally:
            _ = task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def base(self) -> Base:
        return await back_up_base(self.service.settings, IMPATIENT)

    async def window(self) -> Window:
        return await find_window(self.service.settings, IMPATIENT)

    async def shipped(self) -> datetime:
        """Wait until everything that is committed by now is in the bucket."""
        now = await self.ask("SELECT clock_timestamp()")
        await until(lambda: self._has(now))
        return self.moment

    def _has(self, now: datetime) -> bool:
        status = self.memory.status()
        moment = status.moment if status is not None else None
        return moment is not None and moment > now

    async def write(self, word: str) -> datetime:
        """A row, and the moment at which it is there."""
        connection = await asyncpg.connect(self.cluster.url)
        try:
            await connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
            await connection.execute("INSERT INTO words VALUES ($1)", word)
            return await connection.fetchval("SELECT clock_timestamp()")
        finally:
            await connection.close()

    async def ask(self, question: str):
        connection = await asyncpg.connect(self.cluster.url)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    async def read(self) -> list[str]:
        return await self.ask("SELECT array_agg(word ORDER BY word) FROM words")


async def until(condition, *, within: float = 60) -> None:
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.02)


@pytest.fixture
def archived(
    cluster: Cluster, programs: None, object_server: ObjectServer, tmp_path: Path
) -> Archived:
    object_server.empty()
    return Archived(cluster, service_of(cluster, object_server, tmp_path / "backups"))


def service_of(cluster: Cluster, bucket: ObjectServer, folder: Path) -> Service:
    folder.mkdir()
    environment = {
        **os.environ,
        "DATABASE_URL": cluster.url,
        "BACKUP_DIR": str(folder),
        "BACKUP_CRON": cron_in(timedelta(hours=12)),
        "TZ": "UTC",
        **variables_of(bucket.settings),
    }
    return Service(folder, environment)
