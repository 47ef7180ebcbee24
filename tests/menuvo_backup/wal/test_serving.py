"""`serve` as its container runs it: archiver and base backups beside the schedule."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from menuvo_backup.wal.recover import Wanted, recover
from menuvo_backup.wal.status import Memory
from tests.menuvo_backup.conftest import IMPATIENT, Service
from tests.menuvo_backup.object_server import ObjectServer
from tests.menuvo_backup.wal.cluster import Cluster, make_cluster
from tests.menuvo_backup.wal.conftest import service_of
from tests.menuvo_ops.waiting import eventually

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@contextmanager
def serving(service: Service) -> Generator[subprocess.Popen[bytes]]:
    environment = {**service.environment, "PATH": os.environ["PATH"]}
    with told_in(service).open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "menuvo_backup", "serve"], env=environment, stdout=output
        )
    try:
        yield process
    finally:
        # A container that is killed takes all of them along.
        for pid in [*descendants_of(process.pid), process.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def told_in(service: Service) -> Path:
    return service.folder.with_name("told")


def descendants_of(pid: int) -> list[int]:
    return [found for child in children_of(pid) for found in (child, *descendants_of(child))]


@dataclass
class Writer:
    """Commits as fast as it can, and remembers the last number that was acknowledged."""

    url: str
    stopping: threading.Event = field(default_factory=threading.Event)
    last: int = 0

    async def write(self) -> None:
        connection = await asyncpg.connect(self.url)
        await connection.execute("CREATE TABLE orders (id bigint PRIMARY KEY, at timestamptz)")
        while not self.stopping.is_set():
            await connection.execute(
                "INSERT INTO orders VALUES ($1, clock_timestamp())", self.last + 1
            )
            self.last += 1


@contextmanager
def writing(url: str) -> Generator[Writer]:
    writer = Writer(url)

    def run() -> None:
        # Its server is killed under it, which is told in many ways.
        with suppress(Exception):
            asyncio.run(writer.write())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield writer
    finally:
        writer.stopping.set()
        thread.join()


async def test_a_cluster_that_dies_under_a_writer_is_back_with_all_but_the_last_minute(
    programs: None, object_server: ObjectServer, tmp_path: Path
) -> None:
    """Segments of PostgreSQL's usual size, and the pace of production."""
    object_server.empty()
    cluster = make_cluster(tmp_path / "data", segment_megabytes=16)
    service = service_of(cluster, object_server, tmp_path / "backups")
    memory = Memory(service.folder)
    with cluster.running(), serving(service), writing(cluster.url) as writer:
        eventually(lambda: _base_ended(memory), within=60)
        ended = _base_ended(memory)
        assert ended is not None
        eventually(lambda: _moment(memory) > ended, within=60)
        assert is_healthy(service), "all is well"
        cluster.kill()
        killed = datetime.now(UTC)
    cluster.data.rename(tmp_path / "gone")
    assert writer.last > 100
    into = tmp_path / "recovered"
    recovered = await recover(service.settings, Wanted(at=None, into=into), IMPATIENT)
    assert recovered.arrived.last_commit is not None
    assert (killed - recovered.arrived.last_commit).total_seconds() < 60
    back = Cluster(into, cluster.port)
    with back.running():
        connection = await asyncpg.connect(back.url)
        rows, last = await connection.fetchrow("SELECT count(*), max(id) FROM orders")
        await connection.close()
    assert 0 < rows == last <= writer.last


def _base_ended(memory: Memory) -> datetime | None:
    last = memory.last_base()
    return last.ended if last is not None else None


def _moment(memory: Memory) -> datetime:
    status = memory.status()
    moment = status.moment if status is not None else None
    return moment or datetime.min.replace(tzinfo=UTC)


def is_healthy(service: Service) -> bool:
    environment = {**service.environment, "PATH": os.environ["PATH"]}
    argv = [sys.executable, "-m", "menuvo_backup", "healthy"]
    return subprocess.run(argv, env=environment, capture_output=True, check=False).returncode == 0


def test_an_archiver_that_dies_is_started_again_and_one_that_is_told_to_stop_sends_the_rest(
    programs: None, cluster: Cluster, object_server: ObjectServer, tmp_path: Path
) -> None:
    object_server.empty()
    service = service_of(cluster, object_server, tmp_path / "backups")
    memory = Memory(service.folder)
    with serving(service) as process:
        eventually(lambda: _base_ended(memory) is not None, within=60)
        (archiver,) = archivers_of(process)
        os.kill(archiver, signal.SIGKILL)
        eventually(lambda: archivers_of(process) not in ([], [archiver]), within=20)
        died = datetime.now(UTC)
        eventually(lambda: _moment(memory) > died, within=60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=25) == 0
    events = [json.loads(line)["event"] for line in told_in(service).read_text().splitlines()]
    assert "companion_ended" in events
    assert {"schedule_stopped", "wal_stopped"} <= set(events)


def archivers_of(process: subprocess.Popen[bytes]) -> list[int]:
    return [
        pid
        for pid in children_of(process.pid)
        if Path(f"/proc/{pid}/cmdline").read_bytes().endswith(b"\0archive\0")
    ]


def children_of(pid: int) -> list[int]:
    """Of all its threads: the archiver is kept by another one than the schedule."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text().split())
    return found
