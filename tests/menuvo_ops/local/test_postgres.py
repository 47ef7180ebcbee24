import os
import pwd
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import anyio
import asyncpg
import pytest
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.commands.process import as_other_user
from menuvo_ops.errors import ClusterUnusable, ServiceFailed
from menuvo_ops.local.postgres import PostgresServer, running_postgres
from menuvo_ops.local.probes import PostgresProbe

pytestmark = [pytest.mark.system, pytest.mark.core]

PACKAGES = Path(".menuvo/packages")


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def answer(server: PostgresServer, question: str) -> object:
    return anyio.run(ask, server.url(), question)


def test_a_cluster_is_made_once_and_keeps_its_rows(tmp_path: Path) -> None:
    with running_postgres(tmp_path / "pg", packages=PACKAGES, fast=True) as server:
        answer(server, "CREATE TABLE kept (n int)")
        answer(server, "INSERT INTO kept VALUES (7)")
        assert answer(server, "SHOW data_checksums") == "on"
        assert answer(server, "SHOW fsync") == "off"
        assert answer(server, "SHOW server_encoding") == "UTF8"
        assert answer(server, "SELECT rolsuper FROM pg_roles WHERE rolname = 'menuvo'") is True

    with running_postgres(tmp_path / "pg", packages=PACKAGES) as server:
        assert answer(server, "SELECT n FROM kept") == 7
        assert answer(server, "SHOW fsync") == "on"

    assert not PostgresProbe(server.port).healthy()


def test_nobody_enters_without_the_password(tmp_path: Path) -> None:
    with (
        running_postgres(tmp_path / "pg", packages=PACKAGES, fast=True) as server,
        pytest.raises(asyncpg.InvalidPasswordError),
    ):
        anyio.run(ask, server.url(password="wrong"), "SELECT 1")


def test_a_folder_only_its_owner_may_enter_is_good_enough(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with running_postgres(tmp_path / "pg", packages=PACKAGES, fast=True) as server:
        assert answer(server, "SELECT 1") == 1


def test_a_lock_file_that_names_another_program_does_not_stop_the_next_start(
    tmp_path: Path,
) -> None:
    lock = tmp_path / "data/postmaster.pid"
    with running_postgres(tmp_path, packages=PACKAGES, fast=True):
        _, *rest = lock.read_text().splitlines()

    lock.write_text("\n".join([str(os.getpid()), *rest]))
    with running_postgres(tmp_path, packages=PACKAGES, fast=True) as server:
        assert answer(server, "SELECT 1") == 1


def test_a_lock_file_that_names_another_clones_server_does_not_stop_the_next_start(
    tmp_path: Path,
) -> None:
    """After a power cut, both clones' locks name numbers that the kernel gives out anew."""
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    for folder in (mine, theirs):
        folder.mkdir()
    lock = mine / "data/postmaster.pid"
    with running_postgres(mine, packages=PACKAGES, fast=True):
        _, *rest = lock.read_text().splitlines()

    with running_postgres(theirs, packages=PACKAGES, fast=True) as neighbour:
        pid = (theirs / "data/postmaster.pid").read_text().split("\n", 1)[0]
        lock.write_text("\n".join([pid, *rest]))
        with running_postgres(mine, packages=PACKAGES, fast=True) as server:
            assert answer(server, "SELECT 1") == 1
        assert answer(neighbour, "SELECT 1") == 1


def test_a_cluster_that_is_served_already_is_not_started_twice(tmp_path: Path) -> None:
    with running_postgres(tmp_path, packages=PACKAGES, fast=True) as server:
        with (
            pytest.raises(ServiceFailed) as refusal,
            running_postgres(tmp_path, packages=PACKAGES, fast=True),
        ):
            pass
        assert "postmaster.pid" in refusal.value.hint
        assert answer(server, "SELECT 1") == 1


def test_the_server_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    started = run_postgres_and(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")

    probe = PostgresProbe(int(started.stdout))
    lock = tmp_path / "data/postmaster.pid"
    eventually(lambda: not probe.healthy() and not lock.exists())


def test_an_ordinary_user_runs_postgres_too() -> None:
    become, uid = [], os.geteuid()
    if uid == 0:
        uid = pwd.getpwnam("nobody").pw_uid
        become = as_other_user([], uid=uid, gid=uid)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chown(folder, uid, -1)
        run_postgres_and(Path(folder), "assert os.geteuid() != 0", prefix=become)
        assert (Path(folder) / "data").stat().st_uid == uid


def run_postgres_and(
    folder: Path, statement: str, prefix: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run `statement` in a process that runs a PostgreSQL and has printed its port."""
    program = f"""
import os, signal
from pathlib import Path
from menuvo_ops.local.postgres import running_postgres
packages = Path({str(PACKAGES)!r})
with running_postgres(Path({str(folder)!r}), packages=packages, fast=True) as server:
    print(server.port, flush=True)
    {statement}
"""
    done = subprocess.run(
        [*prefix, sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done


def test_a_cluster_of_an_absent_version_is_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/PG_VERSION").write_text("14\n")

    with (
        pytest.raises(ClusterUnusable, match="PostgreSQL 14") as refusal,
        running_postgres(tmp_path, packages=PACKAGES),
    ):
        pass

    assert "--delete-data" in refusal.value.hint
