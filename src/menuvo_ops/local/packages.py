"""Debian packages unpacked into a private folder.

Nothing is installed: no service starts, no user is made, and removing the folder undoes it.
It needs no rights, so root and ordinary users go the same way.
"""

import fcntl
import platform
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from menuvo_ops.commands import apt
from menuvo_ops.errors import CommandFailed, MissingProgram
from menuvo_ops.runner import run

Say: TypeAlias = Callable[[str], None]

DPKG_STATUS = Path("/var/lib/dpkg/status")

# The compiler of query plans is switched off, and larger than all the rest together.
_UNNEEDED = ("libllvm", "libz3-")


def unpack(package: str, *, into: Path, say: Say, installed: Path = DPKG_STATUS) -> Path:
    """Return the folder that holds `package` and whatever it needs that `installed` lacks."""
    root = into / package
    if shutil.which("apt-get") is None:
        raise MissingProgram(
            f"{package} is not on this machine, and only Debian's packages can be fetched.",
            hint=f"Install {package} with this system's package manager and run the command again.",
        )
    with _alone(into):
        if not root.exists():
            _fetch(package, root, say=say, installed=installed)
    return root


def library_path(root: Path) -> str:
    """What LD_LIBRARY_PATH must hold for programs unpacked under `root`."""
    folders = [*root.glob(f"usr/lib/{platform.machine()}-*"), *root.glob("lib/*-linux-*")]
    return ":".join(str(folder) for folder in folders)


def _fetch(package: str, root: Path, *, say: Say, installed: Path) -> None:
    configuration = _configure(root.parent / "apt", installed)
    say(f"Reading Debian's list of packages for {package}")
    run(apt.update(configuration), what="Reading Debian's list of packages")
    needed = parse_plan(run(apt.plan(configuration, package), what=f"Planning {package}"))
    if not needed:
        raise CommandFailed(
            f"{package} counts as installed, yet its programs were not found.",
            hint=f"Reinstall it: apt-get install --reinstall {package}",
        )
    partial = root.with_name(f"{package}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    archives = partial / "archives"
    archives.mkdir(parents=True)
    say(f"Downloading {len(needed)} packages for {package}")
    run(apt.download(configuration, needed), what=f"Downloading {package}", cwd=archives)
    for archive in sorted(archives.glob("*.deb")):
        run(apt.extract(archive, partial), what=f"Unpacking {archive.name}")
    shutil.rmtree(archives)
    partial.rename(root)


def _configure(state: Path, installed: Path) -> Path:
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    configuration = state / "apt.conf"
    configuration.write_text(apt.configuration(state, installed=installed))
    return configuration


def parse_plan(output: str) -> list[str]:
    """Read `Inst name [old version] (new version ...)` lines into `name=version`."""
    wanted: list[str] = []
    for line in output.splitlines():
        verb, _, rest = line.partition(" ")
        if verb == "Inst" and not rest.startswith(_UNNEEDED):
            name = rest.split(" ", 1)[0]
            version = rest.partition("(")[2].split(" ", 1)[0]
            wanted.append(f"{name}={version}")
    return wanted


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
