"""A private PostgreSQL cluster in a folder of ours.

Tests start one like this (about a second; `fast` switches durability off):

    with running_postgres(folder, packages=Path(".menuvo/packages"), fast=True) as server:
        server.url()                                    # superuser menuvo, database menuvo
        server.url(role="menuvo_app", password="...")   # any other role
        server.url(database="template1")
"""

import shutil
import signal
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from menuvo_ops.commands import postgres, process
from menuvo_ops.errors import CommandFailed
from menuvo_ops.local.binaries import Binaries, Cluster, provide
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import PostgresProbe
from menuvo_ops.local.running import running
from menuvo_ops.local.secrets import remembered_secret
from menuvo_ops.local.sources import THIS_MACHINE, Machine
from menuvo_ops.local.unprivileged import identity
from menuvo_ops.runner import run

OWNER = "menuvo"
DATABASE = "menuvo"

Provider: TypeAlias = Literal["icu", "libc"]
# Beside PG_VERSION, and like it the word of whoever made the cluster.
_PROVIDER = "LOCALE_PROVIDER"


@dataclass(frozen=True)
class PostgresServer:
    port: int
    password: str

    def url(
        self, role: str = OWNER, database: str = DATABASE, *, password: str | None = None
    ) -> str:
        """A libpq URL; without `password` the owner's."""
        secret = self.password if password is None else password
        return f"postgresql://{role}:{secret}@127.0.0.1:{self.port}/{database}"


def find_cluster(data: Path) -> Cluster | None:
    mark, provider = data / "PG_VERSION", data / _PROVIDER
    if not mark.exists():
        return None
    libc = provider.exists() and provider.read_text() == "libc"
    return Cluster(major=int(mark.read_text()), icu=not libc)


def create_cluster(binaries: Binaries, data: Path, *, password: str) -> None:
    """Make the cluster and its database, both or neither."""
    data.parent.mkdir(parents=True, exist_ok=True)
    partial = data.with_name(f"{data.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    identity().own(partial)
    provider = _initdb(binaries, partial, password)
    (partial / _PROVIDER).write_text(provider)
    run(
        identity().run_as(postgres.single_user(binaries.bindir, partial)),
        what="Creating the database",
        stdin=f"CREATE DATABASE {DATABASE};\n\n",
        env=binaries.env,
    )
    partial.rename(data)


def server_argv(binaries: Binaries, data: Path, *, port: int, fast: bool = False) -> list[str]:
    """The server's command: not as root, and shut down cleanly when its parent dies."""
    _forget_stale_lock(data)
    command = postgres.serve(binaries.bindir, data, port=port, fast=fast)
    return identity().run_as(process.tethered(command, "INT"))


@contextmanager
def running_postgres(
    folder: Path, *, packages: Path, fast: bool = False, machine: Machine = THIS_MACHINE
) -> Generator[PostgresServer]:
    """Run a cluster in `folder` on a free port; it is made there when it is missing."""
    data = folder / "data"
    cluster = find_cluster(data)
    binaries = provide(packages, lambda _: None, cluster=cluster, machine=machine)
    server = PostgresServer(port=free_port(), password=remembered_secret(folder / "password"))
    if cluster is None:
        create_cluster(binaries, data, password=server.password)
    with running(
        server_argv(binaries, data, port=server.port, fast=fast),
        log=folder / "log",
        probe=PostgresProbe(server.port),
        stop_with=signal.SIGINT,
        env=binaries.env,
    ):
        yield server


def _initdb(binaries: Binaries, data: Path, password: str) -> Provider:
    """Sort names by Unicode where this PostgreSQL can; the few builds without ICU cannot."""
    password_file = data.with_name(f"{data.name}.password")
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    identity().own(password_file)

    def attempt(provider: Provider) -> Provider:
        argv = postgres.initdb(
            binaries.bindir, data, password_file=password_file, provider=provider
        )
        run(identity().run_as(argv), what="Creating the cluster", env=binaries.env)
        return provider

    try:
        return attempt("icu")
    except CommandFailed as failure:
        if "ICU is not supported" not in failure.hint:
            raise
        return attempt("libc")
    finally:
        password_file.unlink()


def _forget_stale_lock(data: Path) -> None:
    """After a power cut the lock may name another program by now, even another clone's server."""
    lock = data / "postmaster.pid"
    if lock.exists() and not _serves(lock.read_text().split("\n", 1)[0], data):
        lock.unlink()


def _serves(pid: str, data: Path) -> bool:
    """A running PostgreSQL has its cluster as working directory."""
    program = Path("/proc", pid)
    try:
        return (
            program.joinpath("comm").read_text().startswith("post")
            and program.joinpath("cwd").resolve(strict=True) == data.resolve()
        )
    except OSError:
        return False
