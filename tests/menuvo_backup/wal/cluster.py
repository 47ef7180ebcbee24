"""A PostgreSQL of its own that can be killed, lost, and put back from elsewhere."""

import os
import shutil
import signal
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.local.binaries import Binaries
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import PostgresProbe
from menuvo_ops.local.running import running
from menuvo_ops.local.unprivileged import identity
from menuvo_ops.runner import run
from tests.menuvo_backup.conftest import binaries
from tests.menuvo_ops.waiting import eventually

OWNER = "menuvo"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "wal_keep_size": "0",
    "autovacuum": "off",
    "jit": "off",
}


@dataclass(frozen=True)
class Cluster:
    data: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://{OWNER}:secret@127.0.0.1:{self.port}/postgres"

    @contextmanager
    def running(self, **settings: str) -> Generator[None]:
        """Its processes may be killed meanwhile."""
        found = binaries()
        told = {"port": str(self.port), **_SETTINGS, **settings}
        argv = [str(found.bindir / "postgres"), "-D", str(self.data)]
        argv += [f"--{name}={value}" for name, value in told.items()]
        with running(
            identity().run_as(argv),
            log=self.data.with_name(f"{self.data.name}.log"),
            probe=PostgresProbe(self.port),
            stop_with=signal.SIGINT,
            env=found.env,
        ):
            yield

    def kill(self) -> None:
        """As a power cut does it: also what archives a segment for it has no time to finish."""
        postmaster = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        for pid in (postmaster, *processes_in(self.data)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        eventually(lambda: not list(processes_in(self.data)))
        (self.data / "postmaster.pid").unlink()

    def lose(self) -> None:
        self.kill()
        shutil.rmtree(self.data)

    def copy(self, to: Path) -> "Cluster":
        shutil.copytree(self.data, to)
        return Cluster(to, free_port())


def processes_in(place: Path) -> Generator[int]:
    for program in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (program / "cwd").readlink().is_relative_to(place):
                yield int(program.name)


def make_cluster(data: Path, *, segment_megabytes: int = 1) -> Cluster:
    found = binaries()
    data.mkdir(mode=0o700, parents=True)
    identity().own(data)
    password = data.with_name(f"{data.name}.password")
    password.write_text("secret")
    identity().own(password)
    argv = ["initdb", f"--pgdata={data}", f"--username={OWNER}", f"--pwfile={password}"]
    argv += ["--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--no-locale"]
    argv += ["--no-sync", "--no-instructions", f"--wal-segsize={segment_megabytes}"]
    _run(found, argv)
    return Cluster(data, free_port())


def _run(found: Binaries, argv: list[str]) -> None:
    program, *rest = argv
    run(
        identity().run_as([str(found.bindir / program), *rest]),
        what="Making the cluster",
        env=found.env,
    )
