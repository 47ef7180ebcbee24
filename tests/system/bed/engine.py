"""A Docker engine: the machine's own where one answers, else a private one.

A private engine is shared by the runs that use it at the same time, and the last one out stops it.
Whether others are in is asked of a lock, which no killed run can keep.
"""

import fcntl
import os
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from menuvo_ops.commands import apt, docker
from menuvo_ops.errors import CommandFailed, MissingProgram, ServiceFailed
from menuvo_ops.local.packages import unpack_from_suite
from menuvo_ops.local.sources import Say
from menuvo_ops.runner import run
from tests.system.bed.cache import cache, locked
from tests.system.bed.daemon import Daemon

SUITE = "forky"
PACKAGES = ("docker.io", "docker-cli", "docker-compose", "docker-buildx", "containerd")
# Of the host's own release, because they must fit its C library and its kernel's tables.
# `prove` tells the whole perl (for mmdebstrap) from the part that every Debian has.
HOST_PACKAGES = {
    "iptables": "iptables",
    "runc": "runc",
    "tini-static": "tini",
    "ip": "iproute2",
    "prove": "perl",
}


@dataclass(frozen=True)
class Engine:
    """`environment` is what its clients need."""

    description: str
    environment: Mapping[str, str]
    daemon: Daemon | None = None

    def docker(self, argv: list[str], *, what: str, stdin: str = "") -> str:
        return run(argv, what=what, env=self.environment, stdin=stdin, last_lines=20)


@contextmanager
def running_engine(say: Say) -> Generator[Engine]:
    ordinary = find_ordinary_engine()
    if ordinary:
        yield ordinary
        return
    daemon = provide_daemon(say)
    with _users(daemon).open("w") as seat:
        enter(daemon, seat, say)
        try:
            yield _private(daemon)
        finally:
            leave(daemon, seat)


def find_ordinary_engine() -> Engine | None:
    """One that was there before us, with all the tools we need."""
    if shutil.which("docker") is None:
        return None
    try:
        version = run(docker.server_version(), what="Asking for Docker").strip()
        run(docker.compose_version(), what="Asking for Compose")
        run(docker.buildx_version(), what="Asking for buildx")
    except CommandFailed:
        return None
    return Engine(description=f"this machine's Docker {version}", environment={})


def can_be_made() -> bool:
    """Whether this is a machine on which we can make an engine."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def provide_daemon(say: Say) -> Daemon:
    if not can_be_made():
        raise MissingProgram(
            "No Docker engine answers, and a private one can only be made by root on Debian.",
            hint="Start Docker (with compose and buildx) and run this again.",
        )
    _install_host_packages(say)
    programs = unpack_from_suite(SUITE, PACKAGES, into=cache() / "packages", say=say)
    home = cache() / "engine"
    home.mkdir(parents=True, exist_ok=True)
    return Daemon(home=home, programs=programs)


def enter(daemon: Daemon, seat: TextIO, say: Say) -> None:
    """Take a seat, in a running engine or one started for us."""
    with locked("engine"):
        if not (_kept(daemon) or _others(seat)) and daemon.run.exists():
            say("Clearing what an earlier run left behind")
            daemon.recover()
        if not daemon.answers():
            say("Starting a private Docker engine")
            daemon.start()
        fcntl.flock(seat, fcntl.LOCK_SH)


def leave(daemon: Daemon, seat: TextIO) -> None:
    """The last one out stops the engine, unless somebody wants it kept."""
    with locked("engine"):
        fcntl.flock(seat, fcntl.LOCK_UN)
        if not (_kept(daemon) or _others(seat)):
            daemon.stop()


def keep(say: Say) -> Engine:
    """An engine that stays until `stop_kept`."""
    ordinary = find_ordinary_engine()
    if ordinary:
        return ordinary
    daemon = provide_daemon(say)
    with _users(daemon).open("w") as seat:
        enter(daemon, seat, say)
        _keep(daemon).touch()
        leave(daemon, seat)
    return _private(daemon)


def find_engine() -> Engine:
    """The one that runs; raises ServiceFailed where none does."""
    ordinary = find_ordinary_engine()
    if ordinary:
        return ordinary
    daemon = provide_daemon(_silently)
    if not daemon.answers():
        raise ServiceFailed(
            "No engine is running.", hint="Start one that stays: python -m tests.system.bed up"
        )
    return _private(daemon)


def stop_kept() -> None:
    daemon = provide_daemon(_silently)
    with _users(daemon).open("w") as seat:
        _keep(daemon).unlink(missing_ok=True)
        leave(daemon, seat)


def _silently(_sentence: str) -> None:
    """For questions, which need no progress."""


def _private(daemon: Daemon) -> Engine:
    version = run(docker.server_version(), what="Asking for Docker", env=daemon.environment)
    return Engine(
        description=f"a private Docker {version.strip()} from Debian {SUITE}",
        environment=daemon.environment,
        daemon=daemon,
    )


def _users(daemon: Daemon) -> Path:
    return daemon.home / "users.lock"


def _keep(daemon: Daemon) -> Path:
    return daemon.run / "keep"


def _kept(daemon: Daemon) -> bool:
    return _keep(daemon).exists()


def _others(seat: TextIO) -> bool:
    """Whether somebody else sits in the engine; asked only by who holds its lock."""
    try:
        fcntl.flock(seat, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(seat, fcntl.LOCK_UN)
    return False


def _install_host_packages(say: Say) -> None:
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    missing = [
        package
        for program, package in HOST_PACKAGES.items()
        if shutil.which(program, path=path) is None
    ]
    if not missing:
        return
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    with locked("apt"):
        say(f"Installing {', '.join(missing)}")
        run(apt.refresh_system(), what="Reading Debian's list of packages", env=quiet)
        run(apt.install_into_system(*missing), what="Installing the engine's tools", env=quiet)
