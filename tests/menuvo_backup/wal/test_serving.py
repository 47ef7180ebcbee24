"""`serve` as its container runs it: archiver and base backups beside the schedule."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from menuvo_backup.wal.recover import Wanted, recover
from menuvo_backup.wal.status import Memory, expect_archiver, find_complaints_of_the_log
from tests.menuvo_backup.conftest import IMPATIENT, Service
from tests.menuvo_backup.object_server import ObjectServer
from tests.menuvo_backup.wal.cluster import Cluster, make_cluster
from tests.menuvo_backup.wal.conftest import service_of
from tests.menuvo_backup.wal.serving import (
    base_ended,
    children_of,
    moment_of,
    serving,
    told_in,
    writing,
)
from tests.menuvo_ops.waiting import eventually

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


async def test_a_cluster_that_dies_under_a_writer_is_back_with_all_but_the_last_minute(
    programs: None, object_server: ObjectServer, tmp_path: Path
) -> None:
    """Segments of PostgreSQL's usual size, and the pace of production."""
    object_server.empty()
    cluster = make_cluster(tmp_path / "data", segment_megabytes=16)
    service = service_of(cluster, object_server, tmp_path / "backups")
    memory = Memory(service.folder)
    with cluster.running(), serving(service), writing(cluster.url) as writer:
        eventually(lambda: base_ended(memory), within=60)
        ended = base_ended(memory)
        assert ended is not None
        eventually(lambda: moment_of(memory) > ended, within=60)
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
        eventually(lambda: base_ended(memory) is not None, within=60)
        (archiver,) = archivers_of(process)
        os.kill(archiver, signal.SIGKILL)
        eventually(lambda: archivers_of(process) not in ([], [archiver]), within=20)
        died = datetime.now(UTC)
        eventually(lambda: moment_of(memory) > died, within=60)
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


def test_an_archiver_that_never_came_to_work_is_told_of(
    cluster: Cluster, object_server: ObjectServer, tmp_path: Path
) -> None:
    """Nothing on the disk speaks of it then, and nothing would be archived without a word."""
    service = service_of(cluster, object_server, tmp_path / "backups")
    memory = Memory(service.folder)
    (service.folder / "wal" / "owner").mkdir(parents=True)
    with serving(service):
        eventually(lambda: "companion_ended" in told_in(service).read_text(), within=60)
    now = datetime.now(UTC)
    assert find_complaints_of_the_log(memory, now) == []
    (complaint,) = find_complaints_of_the_log(memory, now + timedelta(minutes=3))
    assert complaint.what == "The log is not archived"


def test_after_a_while_without_the_service_its_archiver_has_time_to_begin(tmp_path: Path) -> None:
    memory, now = Memory(tmp_path), datetime.now(UTC)
    expect_archiver(memory, now - timedelta(hours=8))
    assert find_complaints_of_the_log(memory, now) != []
    expect_archiver(memory, now)
    assert find_complaints_of_the_log(memory, now) == []
