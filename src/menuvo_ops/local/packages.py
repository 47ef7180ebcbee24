"""Debian packages unpacked into a private folder.

Nothing is installed: no service starts, no user is made, and removing the folder undoes it.
It needs no rights, so root and ordinary users go the same way.
"""

import platform
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from menuvo_ops.commands import apt
from menuvo_ops.errors import CommandFailed, MissingProgram
from menuvo_ops.local.lock import turn
from menuvo_ops.local.sources import Say, Source
from menuvo_ops.runner import run

DPKG_STATUS = Path("/var/lib/dpkg/status")

# The compiler of query plans is switched off, and larger than all the rest together.
_UNNEEDED = ("libllvm", "libz3-")

# `URIs: http://...` as in deb822, or `deb [options] http://...` as in a classic line.
_ADDRESS = re.compile(r"^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(https?://\S+)", re.MULTILINE)


def debian_source(package: str) -> Source:
    return Source("Debian's packages", lambda cache, say: unpack(package, into=cache, say=say))


def unpack(package: str, *, into: Path, say: Say, installed: Path = DPKG_STATUS) -> Path:
    """Return the folder that holds `package` and whatever it needs that `installed` lacks."""
    root = into / package
    if shutil.which("apt-get") is None:
        raise MissingProgram("There is no apt-get on this machine.")
    with turn(into):
        if not root.exists():
            _fetch(package, root, say=say, installed=installed)
    return root


def unpack_from_suite(
    suite: str, packages: Sequence[str], *, into: Path, say: Say, installed: Path = DPKG_STATUS
) -> Path:
    """Return a folder that holds exactly `packages`, of a Debian suite that may not be ours.

    What they need besides is not looked for: the caller knows that this system has it.
    """
    state = into / f"apt-{suite}"
    with turn(into):
        root = into / f"{suite}-{'-'.join(packages)}"
        if not root.exists():
            state.mkdir(exist_ok=True)
            sources = state / "sources.list"
            sources.write_text(apt.source(debian_mirror(), suite))
            configuration = _configure(state, installed, sources)
            say(f"Reading the list of packages of Debian {suite}")
            run(apt.update(configuration), what=f"Reading the list of packages of {suite}")
            _unpack(configuration, packages, root, say=say)
    return root


def debian_mirror(etc: Path = Path("/etc/apt")) -> str:
    """Where this system's own packages come from."""
    deb822 = sorted((etc / "sources.list.d").glob("debian*.sources"))
    classic = [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*.list"))]
    for file in (*deb822, *classic):
        address = _ADDRESS.search(file.read_text()) if file.exists() else None
        if address:
            return address.group(1)
    raise MissingProgram(
        "No mirror of Debian is named in /etc/apt.",
        hint="Is this Debian? Then name one in /etc/apt/sources.list.d/debian.sources.",
    )


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
    _unpack(configuration, needed, root, say=say)


def _unpack(configuration: Path, packages: Sequence[str], root: Path, *, say: Say) -> None:
    partial = root.with_name(f"{root.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    archives = partial / "archives"
    archives.mkdir(parents=True)
    say(f"Downloading {len(packages)} packages for {root.name}")
    run(apt.download(configuration, packages), what=f"Downloading {root.name}", cwd=archives)
    for archive in sorted(archives.glob("*.deb")):
        run(apt.extract(archive, partial), what=f"Unpacking {archive.name}")
    shutil.rmtree(archives)
    partial.rename(root)


def _configure(state: Path, installed: Path, sources: Path | None = None) -> Path:
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    configuration = state / "apt.conf"
    configuration.write_text(apt.configuration(state, installed=installed, sources=sources))
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
