"""barman-cloud, as its manual sets it up: PostgreSQL hands it each whole segment."""

import shlex
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from menuvo_ops.local.ports import free_port
from menuvo_ops.runner import run
from tests.bench.measuring.archivers import ask, run_well
from tests.menuvo_backup.object_server import ObjectServer
from tests.menuvo_backup.wal.cluster import Cluster
from tests.menuvo_ops.waiting import eventually

# Ours packs the same way.
_PACKED = ("--gzip", "--compression-level=1")
_PATIENCE_SECONDS = 600
_NAME = "bench"


def fetch(into: Path) -> Path:
    """The folder of its programs, which nothing else here needs."""
    requirements = Path(__file__).with_suffix(".txt")
    run([sys.executable, "-m", "venv", str(into)], what="Making a place for barman")
    pip = [str(into / "bin/python"), "-m", "pip", "install", "--quiet", "--no-deps"]
    run([*pip, f"--requirement={requirements}"], what="Fetching barman")
    return into / "bin"


class Barman:
    """It keeps nothing on the server's disk."""

    name = "barman-cloud"

    def __init__(self, programs: Path, bucket: ObjectServer, _: Path) -> None:
        self._programs = programs
        self._bucket = bucket

    @property
    def settings(self) -> Mapping[str, str]:
        archive = shlex.join(self._argv("wal-archive", *_PACKED, at_the_end=(_NAME,)))
        return {
            "archive_mode": "on",
            "archive_timeout": "60",
            "archive_command": f"{archive} %p",
        }

    @contextmanager
    def archiving(self, cluster: Cluster) -> Generator[None]:
        # Without an equals sign it would take the URL for a database's name.
        database = f"{cluster.url}?connect_timeout=10"
        options = ("--gzip", "--immediate-checkpoint", "--name=base", f"--dbname={database}")
        run_well(self._argv("backup", *options, at_the_end=(_NAME,)))
        yield

    def processes(self, cluster: Cluster) -> list[int]:
        [pid] = ask(cluster, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'archiver'")
        return [pid]

    def catch_up(self, cluster: Cluster) -> None:
        [name] = ask(cluster, "SELECT pg_walfile_name(pg_switch_wal())")
        eventually(lambda: self._archived(cluster) >= name, within=_PATIENCE_SECONDS)

    def log_bytes(self) -> int:
        log = self._folder / _NAME / "wals"
        return sum(file.stat().st_size for file in log.rglob("*") if file.is_file())

    @contextmanager
    def recovered(self, into: Path, at: datetime | None) -> Generator[Cluster]:
        run_well(self._argv("restore", at_the_end=(_NAME, "base", str(into))))
        (into / "recovery.signal").touch()
        restore = shlex.join(self._argv("wal-restore", at_the_end=(_NAME,)))
        settings = {"restore_command": f"{restore} %f %p", "recovery_target_action": "promote"}
        if at is not None:
            settings["recovery_target_time"] = at.isoformat()
        cluster = Cluster(into, free_port())
        with cluster.running(**settings):
            eventually(lambda: _is_open(cluster), within=_PATIENCE_SECONDS)
            yield cluster

    @property
    def _folder(self) -> Path:
        return self._bucket.bucket / "menuvo" / "barman"

    def _argv(self, verb: str, *options: str, at_the_end: tuple[str, ...]) -> list[str]:
        there = self._bucket.settings
        known = {
            "AWS_ACCESS_KEY_ID": str(there.access_key_id),
            "AWS_SECRET_ACCESS_KEY": str(there.secret_access_key),
            "AWS_DEFAULT_REGION": there.region,
        }
        argv = ["env", *(f"{name}={value}" for name, value in known.items())]
        argv += [str(self._programs / f"barman-cloud-{verb}"), f"--endpoint-url={there.endpoint}"]
        argv += ["--addressing-style=path", *options]
        return [*argv, f"s3://{there.bucket}/menuvo/barman", *at_the_end]

    def _archived(self, cluster: Cluster) -> str:
        [name] = ask(cluster, "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver")
        return name


def _is_open(cluster: Cluster) -> bool:
    [recovering] = ask(cluster, "SELECT pg_is_in_recovery()")
    return not recovering
