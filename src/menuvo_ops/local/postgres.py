"""A private PostgreSQL cluster in a folder of ours.

Tests start one like this (about a second; `fast` switches durability off):

    with running_postgres(folder, packages=Path(".menuvo/packages"), fast=True) as server:
        server.url()                                    # superuser menuvo, database menuvo
        server.url(role="menuvo_app", password="...")   # any other role
        server.url(database="template1")
"""

import re
import shutil
import signal
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from menuvo_ops.commands import postgres, process
from menuvo_ops.errors import ClusterUnusable, CommandFailed
from menuvo_ops.local.packages import Say, library_path, unpack
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import PostgresProbe
from menuvo_ops.local.running import running
from menuvo_ops.local.secrets import remembered_secret
from menuvo_ops.local.unprivileged import identity
from menuvo_ops.runner import run

OLDEST_SUPPORTED = 15
OWNER = "menuvo"
DATABASE = "menuvo"


@dataclass(frozen=True)
class Binaries:
    bindir: Path
    major: int
    env: Mapping[str, str] = field(default_factory=dict[str, str])


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


def provide(cache: Path, say: Say, *, major: int | None = None) -> Binaries:
    """Find PostgreSQL on this machine, or unpack Debian's into `cache`.

    `major` asks for one version: the one that made an existing cluster.
    """
    found = find(cache, major=major)
    if found is None and major is None:
        unpack("postgresql", into=cache, say=say)
        found = find(cache)
    if found is None:
        raise ClusterUnusable(
            f"The database was made by PostgreSQL {major}, which is not on this machine."
            if major
            else f"No PostgreSQL {OLDEST_SUPPORTED} or newer was found or could be unpacked.",
            hint=f"Install PostgreSQL {major or OLDEST_SUPPORTED}"
            + (", or start over with: ./menuvo down --delete-data" if major else "."),
        )
    return found


def find(cache: Path, *, major: int | None = None) -> Binaries | None:
    """The newest supported version among PATH, the system's folders and `cache`."""
    unpacked = cache / "postgresql"
    candidates = [
        *_system_folders(),
        *(unpacked.glob("usr/lib/postgresql/*/bin") if unpacked.exists() else ()),
    ]
    usable: list[Binaries] = []
    for bindir in candidates:
        env = {}
        if bindir.is_relative_to(unpacked):
            env = {"LD_LIBRARY_PATH": library_path(unpacked)}
        version = _major_version(bindir, env)
        if version is not None and version >= OLDEST_SUPPORTED and major in (None, version):
            usable.append(Binaries(bindir=bindir, major=version, env=env))
    return max(usable, key=lambda binaries: binaries.major, default=None)


def cluster_version(data: Path) -> int | None:
    """The major version that made the cluster; None when there is no cluster."""
    mark = data / "PG_VERSION"
    return int(mark.read_text()) if mark.exists() else None


def create_cluster(binaries: Binaries, data: Path, *, password: str) -> None:
    """Make the cluster and its database, both or neither."""
    data.parent.mkdir(parents=True, exist_ok=True)
    partial = data.with_name(f"{data.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    identity().own(partial)
    _initdb(binaries, partial, password)
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
    folder: Path, *, packages: Path, fast: bool = False
) -> Generator[PostgresServer]:
    """Run a cluster in `folder` on a free port; it is made there when it is missing."""
    data = folder / "data"
    binaries = provide(packages, lambda _: None, major=cluster_version(data))
    server = PostgresServer(port=free_port(), password=remembered_secret(folder / "password"))
    if cluster_version(data) is None:
        create_cluster(binaries, data, password=server.password)
    with running(
        server_argv(binaries, data, port=server.port, fast=fast),
        log=folder / "log",
        probe=PostgresProbe(server.port),
        stop_with=signal.SIGINT,
        env=binaries.env,
    ):
        yield server


def _initdb(binaries: Binaries, data: Path, password: str) -> None:
    """Sort names by Unicode where this PostgreSQL can; the few builds without ICU cannot."""
    password_file = data.with_name(f"{data.name}.password")
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    identity().own(password_file)

    def attempt(provider: Literal["icu", "libc"]) -> None:
        argv = postgres.initdb(
            binaries.bindir, data, password_file=password_file, provider=provider
        )
        run(identity().run_as(argv), what="Creating the cluster", env=binaries.env)

    try:
        attempt("icu")
    except CommandFailed as failure:
        if "ICU is not supported" not in failure.hint:
            raise
        attempt("libc")
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


def _system_folders() -> list[Path]:
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in ("lib/postgresql/*/bin", "pgsql-*/bin", "local/pgsql/bin"):
        folders.extend(Path("/usr").glob(pattern))
    return folders


def _major_version(bindir: Path, env: Mapping[str, str]) -> int | None:
    """Of a folder that holds both programs; `postgres (PostgreSQL) 15.18 (...)` is 15."""
    if not (bindir / "postgres").exists() or not (bindir / "initdb").exists():
        return None
    banner = run([str(bindir / "postgres"), "--version"], what="Asking PostgreSQL", env=env)
    found = re.search(r"\(PostgreSQL\) (\d+)", banner)
    return int(found[1]) if found else None
