"""One root file system that holds everything the stand-ins need, made of Debian's packages."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from menuvo_ops.commands import apt, docker
from menuvo_ops.errors import CommandFailed
from menuvo_ops.local.keys import key
from menuvo_ops.local.packages import debian_mirror, unpack_from_suite
from menuvo_ops.local.sources import Say
from menuvo_ops.runner import run
from tests.system.bed.cache import cache, locked, used
from tests.system.bed.engine import SUITE, Engine
from tests.system.bed.kernel import unmount_below

PACKAGES = (
    *("ca-certificates", "python3", "python3-venv", "postgresql-18", "redis-server", "redis-tools"),
    *("caddy", "busybox", "age"),
)
_APPLETS = ("wget", "nc")
_LEFT_OUT = ("man", "locale", "doc", "info")
_ENOUGH_MEMORY_KIB = 6 * 1024 * 1024


# The second has the same packages or newer ones, for a mirror that lacks the first. Debian 13 would
# not do: it has neither PostgreSQL 18 nor Python 3.14.
SUITES = (SUITE, "sid")


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
    return key(*PACKAGES, *_APPLETS, *_LEFT_OUT, *SUITES)


def _provide_archive(say: Say) -> Path:
    archive = cache() / "base" / f"{_recipe()}.tar"
    if not archive.exists():
        archive.parent.mkdir(parents=True, exist_ok=True)
        partial = archive.with_suffix(".partial.tar")
        _build_first_possible(partial, say)
        partial.rename(archive)
    return used(archive)


def _build_first_possible(archive: Path, say: Say) -> None:
    *early, last = SUITES
    for suite in early:
        try:
            return _build(suite, archive, say)
        except CommandFailed as failure:
            say(f"{failure.message} Trying the next suite.\n{failure.hint}")
    return _build(last, archive, say)


def _build(suite: str, archive: Path, say: Say) -> None:
    unpacked = unpack_from_suite(SUITE, ["mmdebstrap"], into=cache() / "packages", say=say)
    programs = unpacked / "usr/bin"
    what = f"Building the base image from Debian {suite}"
    say(what)
    with _workplace() as folder:
        run(
            mmdebstrap(programs / "mmdebstrap", suite, archive, mirror=debian_mirror()),
            what=what,
            # Beside mmdebstrap stands the filter that it starts for what is left out.
            env={"TMPDIR": str(folder), "PATH": f"{programs}:{os.environ['PATH']}"},
        )


def mmdebstrap(program: Path, suite: str, archive: Path, *, mirror: str) -> list[str]:
    """The recipe; the line of its source carries its own options, among them the keyring."""
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
    source = apt.source(mirror, suite).strip()
    return ["perl", str(program), *options, suite, str(archive), source]


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
