"""What archives a cluster's log into a bucket, and brings a cluster back of that alone."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from menuvo_backup.wal.status import Memory
from menuvo_ops.local.ports import free_port
from tests.menuvo_backup.conftest import Service
from tests.menuvo_backup.object_server import ObjectServer
from tests.menuvo_backup.wal.cluster import Cluster
from tests.menuvo_backup.wal.conftest import service_of
from tests.menuvo_backup.wal.serving import base_ended, moment_of, serving
from tests.menuvo_ops.waiting import eventually

_PATIENCE_SECONDS = 180


class Archiver(Protocol):
    name: str

    @property
    def settings(self) -> Mapping[str, str]:
        """What PostgreSQL has to be started with."""
        ...

    def archiving(self, cluster: Cluster) -> AbstractContextManager[None]:
        """Within it there is a base backup that the log leads on from. It ends as suddenly as the
        server does."""
        ...

    def processes(self, cluster: Cluster) -> list[int]:
        """Which work for it, with all their children; also PostgreSQL's own."""
        ...

    def catch_up(self, cluster: Cluster) -> None:
        """Wait until the bucket has all that is committed by now."""
        ...

    def log_bytes(self) -> int:
        """Of the log alone, as they lie in the bucket."""
        ...

    def recovered(self, into: Path, at: datetime | None) -> AbstractContextManager[Cluster]:
        """A server that takes orders again; without `at` as of the last moment in the bucket."""
        ...


MakeArchiver = Callable[[ObjectServer, Path], Archiver]
"""The folder is what it keeps on the server's disk."""


def made(makers: Sequence[MakeArchiver], bucket: ObjectServer, place: Path) -> list[Archiver]:
    return [make(bucket, place / f"archiver-{number}") for number, make in enumerate(makers)]


def settings_for(archivers: Sequence[Archiver]) -> dict[str, str]:
    return {name: value for one in archivers for name, value in one.settings.items()}


class Ours:
    """`menuvo-backup serve`, as the container of the backups runs it."""

    name = "ours"
    settings: Mapping[str, str] = {}

    def __init__(self, bucket: ObjectServer, folder: Path) -> None:
        self._bucket = bucket
        self._folder = folder
        self._service: Service | None = None
        self._pid = 0

    @contextmanager
    def archiving(self, cluster: Cluster) -> Generator[None]:
        self._service = service_of(cluster, self._bucket, self._folder)
        with serving(self._service) as process:
            self._pid = process.pid
            eventually(lambda: base_ended(self._memory), within=_PATIENCE_SECONDS)
            ended = base_ended(self._memory)
            assert ended is not None
            self._until(ended)
            yield

    def processes(self, cluster: Cluster) -> list[int]:
        [senders] = ask(cluster, "SELECT array_agg(pid) FROM pg_stat_replication")
        return [self._pid, *senders]

    def catch_up(self, cluster: Cluster) -> None:
        [now] = ask(cluster, "SELECT clock_timestamp()")
        self._until(now)

    def log_bytes(self) -> int:
        return sum(
            file.stat().st_size
            for key, file in self._bucket.files().items()
            if "/segments/" in key or "/growing/" in key
        )

    @contextmanager
    def recovered(self, into: Path, at: datetime | None) -> Generator[Cluster]:
        when = ["--latest"] if at is None else [f"--at={at.isoformat()}"]
        argv = [sys.executable, "-m", "menuvo_backup", "recover", *when, f"--into={into}"]
        # Looking into every page is more than others do.
        run_well([*argv, "--no-amcheck"], self._known.environment)
        cluster = Cluster(into, free_port())
        with cluster.running():
            yield cluster

    @property
    def _known(self) -> Service:
        assert self._service is not None, "nothing is archived yet"
        return self._service

    @property
    def _memory(self) -> Memory:
        return Memory(self._known.folder)

    def _until(self, moment: datetime) -> None:
        eventually(lambda: moment_of(self._memory) > moment, within=_PATIENCE_SECONDS)


def run_well(argv: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    known = {**os.environ, **(environment or {}), "PATH": os.environ["PATH"]}
    done = subprocess.run(argv, env=known, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{argv[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


def ask(cluster: Cluster, question: str) -> Any:
    """Returns the one row."""

    async def asking() -> Any:
        connection = await asyncpg.connect(cluster.url)
        try:
            return await connection.fetchrow(question)
        finally:
            await connection.close()

    return asyncio.run(asking())
