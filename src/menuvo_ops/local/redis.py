"""A private Redis in a folder of ours.

Tests start one like this:

    with running_redis(folder, packages=Path(".menuvo/packages"), fast=True) as server:
        server.url()        # redis://:PASSWORD@127.0.0.1:PORT/0
"""

import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from menuvo_ops.commands import process, redis
from menuvo_ops.errors import MissingProgram
from menuvo_ops.local.packages import Say, library_path, unpack
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import RedisProbe
from menuvo_ops.local.running import running
from menuvo_ops.local.secrets import remembered_secret

_PACKAGE = "redis-server"


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


def provide(cache: Path, say: Say) -> Program:
    """Find Redis (or its twin Valkey) on this machine, or unpack Debian's into `cache`."""
    on_path = shutil.which("redis-server") or shutil.which("valkey-server")
    if on_path:
        return Program(Path(on_path))
    root = unpack(_PACKAGE, into=cache, say=say)
    # Debian's redis-server is a link to the program in redis-tools, relative to its own folder.
    path = root / "usr/bin/redis-server"
    if not path.exists():
        raise MissingProgram(
            "Debian's package of Redis holds no redis-server.",
            hint="Install Redis so that redis-server is on the PATH.",
        )
    return Program(path, env={"LD_LIBRARY_PATH": library_path(root)})


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
def running_redis(folder: Path, *, packages: Path, fast: bool = False) -> Generator[RedisServer]:
    """Run Redis in `folder` on a free port; `fast` keeps nothing on disk."""
    program = provide(packages, lambda _: None)
    server = RedisServer(port=free_port(), password=remembered_secret(folder / "password"))
    with running(
        server_argv(program, folder, server, persistent=not fast),
        log=folder / "log",
        probe=RedisProbe(server.port, server.password),
        env=program.env,
    ):
        yield server
