"""What it costs to archive the log, while little happens and while orders are written; and how long
the same moment takes to come back."""

import asyncio
import shutil
import time
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from menuvo_platform.db.engine import asyncpg_url
from menuvo_platform.db.migrate import migrate
from menuvo_platform.db.session import create_sessions
from tests.bench.harness import Measurement
from tests.bench.measuring.archivers import Archiver, MakeArchiver, ask, made
from tests.bench.measuring.losing import Room
from tests.bench.measuring.processes import cpu_seconds, watched
from tests.conftest import APP_PASSWORD
from tests.menuvo_backup.wal.cluster import Cluster
from tests.restaurants.demo import make_demo
from tests.restaurants.filling import scripts

GB, MB, MEBIBYTE = 1_000_000_000, 1_000_000, 1024 * 1024
# Four of the other's `archive_timeout`.
_QUIET_SECONDS = 240
_RECOVERIES = 3
_COMMIT = "INSERT INTO little VALUES (clock_timestamp()) RETURNING at"


@dataclass
class Use:
    """Processor time and bytes of log in the bucket, and what the programs held at most."""

    cpu_seconds: float = 0
    log_bytes: int = 0
    anonymous: int = 0


@dataclass(frozen=True)
class Archived:
    """`log_bytes` is what PostgreSQL wrote for the orders; `last` is the row that was committed
    before `moment`."""

    quiet: Use
    busy: Use
    log_bytes: int
    last: datetime
    moment: datetime


def measure(room: Room, makers: Sequence[MakeArchiver], megabytes: int) -> list[Measurement]:
    """Each archives a cluster of its own, as `archive_timeout` of one makes work for the other;
    they recover in turns."""
    with room.emptied() as place:
        archivers = made(makers, room.bucket, place)
        archived = {
            one: _archive(room.blank.copy(place / one.name), one, megabytes) for one in archivers
        }
        seconds: dict[Archiver, list[float]] = {one: [] for one in archivers}
        for _ in range(_RECOVERIES):
            for one in archivers:
                seconds[one].append(_recover(one, place / "recovered", archived[one]))
    figures: list[Measurement] = []
    for one in archivers:
        figures += _figures(one.name, archived[one], median(seconds[one]))
    return figures


def _archive(cluster: Cluster, archiver: Archiver, megabytes: int) -> Archived:
    """Then the server is lost."""
    with cluster.running(**archiver.settings):
        asyncio.run(_prepare(cluster))
        with archiver.archiving(cluster):
            with _used(cluster, archiver) as quiet:
                asyncio.run(_write_little(cluster))
            with _used(cluster, archiver) as busy:
                before = _written(cluster)
                asyncio.run(_write_orders(cluster, megabytes))
                log_bytes = _written(cluster) - before
                archiver.catch_up(cluster)
            [last] = ask(cluster, _COMMIT)
            [moment] = ask(cluster, "SELECT clock_timestamp()")
            # A moment is reached when there is a commit after it.
            ask(cluster, _COMMIT)
            archiver.catch_up(cluster)
        cluster.lose()
    return Archived(quiet, busy, log_bytes, last, moment)


@contextmanager
def _used(cluster: Cluster, archiver: Archiver) -> Generator[Use]:
    """Known when the block has ended."""
    use, processes = Use(), archiver.processes(cluster)
    seconds, log_bytes = cpu_seconds(processes), archiver.log_bytes()
    with watched(processes) as most:
        yield use
    use.cpu_seconds = cpu_seconds(processes) - seconds
    use.log_bytes = archiver.log_bytes() - log_bytes
    use.anonymous = most.anonymous


def _recover(archiver: Archiver, into: Path, archived: Archived) -> float:
    """Seconds until it has answered what was last."""
    began = time.monotonic()
    with archiver.recovered(into, archived.moment) as cluster:
        [last] = ask(cluster, "SELECT max(at) FROM little")
        seconds = time.monotonic() - began
    assert last == archived.last, f"{archiver.name} came back to {last}"
    shutil.rmtree(into)
    return seconds


def _figures(name: str, archived: Archived, seconds: float) -> list[Measurement]:
    hours, gigabytes = _QUIET_SECONDS / 3600, archived.log_bytes / GB
    quiet, busy = archived.quiet, archived.busy
    most = max(quiet.anonymous, busy.anonymous)

    def figure(what: str, value: float, unit: str) -> Measurement:
        return Measurement(f"{name}: {what}", value, unit, "lower")

    return [
        figure("processor time in a quiet hour", quiet.cpu_seconds / hours, "s"),
        figure("in the bucket of a quiet hour", quiet.log_bytes / hours / MB, "MB"),
        figure("log of the orders", archived.log_bytes / MB, "MB"),
        figure("processor time of a GB of log", busy.cpu_seconds / gigabytes, "s"),
        figure("in the bucket of a GB of log", busy.log_bytes / gigabytes / MB, "MB"),
        figure("anonymous memory, at most", most / MEBIBYTE, "MiB"),
        figure(f"the same moment recovered, median of {_RECOVERIES}", seconds, "s"),
    ]


async def _prepare(cluster: Cluster) -> None:
    """The platform's schema and the demo, of which the restaurants are copies."""
    await migrate(cluster.url, APP_PASSWORD, lambda _: None)
    engine = create_async_engine(asyncpg_url(cluster.url))
    await make_demo(create_sessions(engine))
    await engine.dispose()
    async with _connected(cluster) as connection:
        await connection.execute("CREATE TABLE little (at timestamptz)")


async def _write_little(cluster: Cluster) -> None:
    async with _connected(cluster) as connection:
        for _ in range(_QUIET_SECONDS):
            await connection.execute(_COMMIT)
            await asyncio.sleep(1)


async def _write_orders(cluster: Cluster, megabytes: int) -> None:
    async with _connected(cluster) as connection:
        for script in scripts(megabytes, datetime.now(UTC).date()):
            await connection.execute(script)


def _written(cluster: Cluster) -> int:
    """Bytes of log since there is this cluster."""
    [position] = ask(cluster, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
    return int(position)


@asynccontextmanager
async def _connected(cluster: Cluster) -> AsyncGenerator[asyncpg.Connection]:
    connection = await asyncpg.connect(cluster.url)
    try:
        yield connection
    finally:
        await connection.close()
