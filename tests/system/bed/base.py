"""One root file system that holds everything the stand-ins need, made of Debian's packages."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.commands import apt, docker
from menuvo_ops.errors import CommandFailed
from menuvo_ops.local.packages import debian_mirror, unpack_from_suite
from menuvo_ops.local.sources import Say
from menuvo_ops.runner import run
from tests.system.bed.cache import cache, key, locked
from tests.system.bed.engine import SUITE, Engine
from tests.system.bed.kernel import unmount_below

PACKAGES = (
    *("ca-certificates", "python3", "python3-venv", "postgresql-18", "redis-server", "redis-tools"),
    *("caddy", "busybox"),
)
_APPLETS = ("wget", "nc")
_LEFT_OUT = ("man", "locale", "doc", "info")
_ENOUGH_MEMORY_KIB = 6 * 1024 * 1024


@dataclass(frozen=True)
class Source:
    """A suite, and the one whose newer packages are laid over it."""

    suite: str
    backports: str | None = None


# The second has the same packages in older versions, for a mirror that lacks the first.
SOURCES = (Source(SUITE), Source("trixie", backports="trixie-backports"))


def provide_base(engine: Engine, say: Say) -> str:
    """Return the base image's tag."""
    tag = f"menuvo-bed/base:{_recipe()}"
    with locked("base"):
        if tag not in engine.docker(docker.list_images("menuvo.base"), what="Listing images"):
            archive = _provide_archive(say)
            changes = ["ENV LANG=C.UTF-8", "LABEL menuvo.base=true", 'CMD ["bash"]']
            say("Importing the base image")
            engine.docker(
                docker.import_image(archive, tag, changes=changes), what="Importing the base image"
            )
    return tag


def _recipe() -> str:
    return key(*PACKAGES, *_APPLETS, *_LEFT_OUT, repr(SOURCES))


def _provide_archive(say: Say) -> Path:
    archive = cache() / "base" / f"{_recipe()}.tar"
    if not archive.exists():
        archive.parent.mkdir(parents=True, exist_ok=True)
        partial = archive.with_suffix(".partial.tar")
        _build_first_possible(partial, say)
        partial.rename(archive)
    return archive


def _build_first_possible(archive: Path, say: Say) -> None:
    first, *others = SOURCES
    try:
        _build(first, archive, say)
    except CommandFailed as failure:
        for source in others:
            say(f"{failure.message} Trying {source.suite} instead.")
            try:
                return _build(source, archive, say)
            except CommandFailed as another:
                failure = another
        raise failure from None


def _build(source: Source, archive: Path, say: Say) -> None:
    unpacked = unpack_from_suite(SUITE, ["mmdebstrap"], into=cache() / "packages", say=say)
    programs = unpacked / "usr/bin"
    say(f"Building the base image from Debian {source.suite}")
    with _workplace() as folder:
        run(
            mmdebstrap(programs / "mmdebstrap", source, archive, mirror=debian_mirror()),
            what=f"Building the base image from Debian {source.suite}",
            env={"TMPDIR": str(folder), "PATH": f"{programs}:{os.environ['PATH']}"},
        )


def mmdebstrap(program: Path, source: Source, archive: Path, *, mirror: str) -> list[str]:
    """The recipe; the lines of its sources carry their own options, among them the keyring."""
    lines = [apt.source(mirror, source.suite).strip()]
    packages = ",".join(PACKAGES)
    options = [
        "--quiet",
        "--variant=minbase",
        "--mode=root",
        '--aptopt=APT::Install-Recommends "false"',
        "--dpkgopt=force-unsafe-io",
        *(f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in _LEFT_OUT),
        # A cluster made by the package would be of no use, and PostgreSQL could not be renumbered.
        "--essential-hook=mkdir -p $1/etc/postgresql-common",
        "--essential-hook=echo 'create_main_cluster = false'"
        " > $1/etc/postgresql-common/createcluster.conf",
        # What health checks ask with on Alpine.
        *(f"--customize-hook=ln -s /usr/bin/busybox $1/usr/local/bin/{name}" for name in _APPLETS),
        f"--include={packages}",
    ]
    if source.backports:
        lines.append(apt.source(mirror, source.backports).strip())
        # Backports are taken only where they are asked for.
        options.append(f'--aptopt=APT::Default-Release "{source.backports}"')
    return ["perl", str(program), *options, source.suite, str(archive), *lines]


@contextmanager
def _workplace() -> Generator[Path]:
    """Memory where there is plenty: unpacking thousands of files is a third faster there."""
    folder = cache() / "base" / "work"
    folder.mkdir(parents=True, exist_ok=True)
    unmount_below(folder)
    if _available_kib() > _ENOUGH_MEMORY_KIB:
        mount = ["mount", "-t", "tmpfs", "-o", "dev,exec,suid,size=3g,mode=0755", "tmpfs"]
        run([*mount, str(folder)], what="Mounting memory for the base image")
    try:
        yield folder
    finally:
        unmount_below(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _available_kib() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0])
    return 0
