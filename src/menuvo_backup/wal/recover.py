"""A cluster as it was at a moment, made of the bucket alone: base backup, then the log.

Everything happens in `DIR.partial`, which gets its name when it is sound and stopped: whatever goes
wrong, there is no half a cluster.
"""

import asyncio
import fcntl
import os
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from menuvo_backup import log
from menuvo_backup.bucket import PATIENT, Bucket, Patience
from menuvo_backup.errors import (
    Busy,
    OutsideWindow,
    Refused,
    explained,
)
from menuvo_backup.moments import read_moment, shown, to_the_second
from menuvo_backup.scratch import CLUSTER, end_server, socket_folder
from menuvo_backup.settings import Settings
from menuvo_backup.wal.bases import Base
from menuvo_backup.wal.lines import read_lines
from menuvo_backup.wal.parcels import Parcels
from menuvo_backup.wal.replay import (
    Arrived,
    Target,
    ask_where,
    replaying,
    stop_cleanly,
    verify_files,
)
from menuvo_backup.wal.soundness import Amcheck, check_soundness
from menuvo_backup.wal.supply import Supply, supplying
from menuvo_backup.wal.unpacking import unpack_tar
from menuvo_backup.wal.ways import Way, find_ways
from menuvo_backup.wal.window import spans
from menuvo_backup.writing import check_space


@dataclass(frozen=True, slots=True)
class Wanted:
    """`at` as it was typed; None for the last moment that the bucket has."""

    at: str | None
    into: Path
    timeline: int | None = None
    system: str | None = None
    amcheck: bool = True


@dataclass(frozen=True, slots=True)
class Recovered:
    arrived: Arrived
    amcheck: Amcheck


async def recover(settings: Settings, wanted: Wanted, patience: Patience = PATIENT) -> Recovered:
    """Raises BackupError, after it was logged."""
    started = time.monotonic()
    try:
        zone = settings.schedule.zone
        moment = None if wanted.at is None else read_moment(wanted.at, zone)
        bucket = _bucket(settings, patience)
        with _workplace(wanted.into) as place:
            lines = await read_lines(bucket)
            way = _choose(await find_ways(bucket, lines), wanted, moment, zone)
            log.info(
                "recover_started",
                at=moment,
                base=way.base.id,
                system=way.line.system,
                timeline=way.line.timeline,
                segments=len(way.segments),
                bytes=way.base.files.bytes,
            )
            cluster = place / CLUSTER
            parcels = Parcels(settings.keys)
            await _fetch_base(bucket, parcels, way.base, cluster)
            supply = Supply(
                bucket,
                parcels,
                way,
                lines.histories(way.line.system),
                place / "log",
                pid=os.getpid(),
            )
            recovered = await _replay(supply, way, place, moment, amcheck=wanted.amcheck)
            _ = cluster.rename(wanted.into)
    except asyncio.CancelledError:
        log.warning("recover_interrupted", hint="Nothing of it is left.")
        raise
    except Exception as raw:  # the edge of a run: whatever it is, it has to be told
        error = explained(raw)
        log.error("recover_failed", cause=error.cause, hint=error.hint)
        raise error from raw
    _report(recovered, way.base, moment, started)
    return recovered


def _bucket(settings: Settings, patience: Patience) -> Bucket:
    if settings.bucket is None:
        raise Refused("There is no bucket to recover from.", hint="Set BACKUP_S3_BUCKET.")
    return Bucket(settings.bucket, patience)


def _choose(ways: list[Way], wanted: Wanted, moment: datetime | None, zone: ZoneInfo) -> Way:
    """What was live at that moment: of several lines the one that began last, and its newest base
    backup. The last moment is of the line that went on for longest, which need not be the newest: a
    restore that was taken back leaves one behind. Raises OutsideWindow."""
    fitting = [
        way
        for way in ways
        if wanted.system in {None, way.line.system} and wanted.timeline in {None, way.line.timeline}
    ]
    if moment is None:
        chosen = max(fitting, key=lambda way: way.reach, default=None)
    else:
        chosen = next((way for way in fitting if way.leads_to(moment)), None)
    if chosen is not None:
        return chosen
    told = "; ".join(
        f"from {shown(span.begin, zone)} to {shown(to_the_second(span.end), zone)}"
        f" (timeline {span.timeline} of {span.system})"
        for span in spans(fitting)
    )
    raise OutsideWindow(
        f"{shown(moment, zone)} cannot be recovered." if moment else "Nothing can be recovered.",
        hint=f"What can be is {told}." if told else "The bucket has no base backup with its log.",
    )


@contextmanager
def _workplace(into: Path) -> Generator[Path]:
    """Held by a lock on the folder itself, and cleared of what a killed run left."""
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Refused(f"{into} is there already.", hint="Name a folder that does not exist.")
    into.parent.mkdir(parents=True, exist_ok=True)
    place = into.with_name(f"{into.name}.partial")
    place.mkdir(mode=0o700, exist_ok=True)
    with _locked(place, into):
        _clear(place)
        try:
            yield place
        finally:
            _clear(place)
            place.rmdir()


@contextmanager
def _locked(place: Path, into: Path) -> Generator[None]:
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Busy(f"Somebody recovers into {into} already.") from error
    finally:
        os.close(descriptor)


def _clear(place: Path) -> None:
    end_server(place / CLUSTER)
    shutil.rmtree(socket_folder(place), ignore_errors=True)
    for left in place.iterdir():
        shutil.rmtree(left)


async def _fetch_base(bucket: Bucket, parcels: Parcels, base: Base, cluster: Path) -> None:
    """Raises KeyMissing and WrongKey before anything is fetched, and DumpDamaged or WalDamaged when
    it is not what was sent."""
    started = time.monotonic()
    check_space(cluster.parent, base.cluster_bytes, what="A recovery")
    await parcels.check_key(base.recipients, what=f"Base backup {base.id}")
    stored = bucket.read(base.files)
    await unpack_tar(parcels.open(stored, sealed=bool(base.recipients)), cluster)
    await verify_files(cluster)
    log.info("recover_fetched", base=base.id, seconds=round(time.monotonic() - started, 3))


async def _replay(
    supply: Supply,
    way: Way,
    place: Path,
    moment: datetime | None,
    *,
    amcheck: bool,
) -> Recovered:
    cluster = place / CLUSTER
    target = Target(moment, way.line.timeline, way.base.superuser)
    async with (
        supplying(supply),
        replaying(cluster, socket_folder(place), supply.script, target) as (connection, server),
    ):
        arrived = await ask_where(connection)
        checked = await check_soundness(connection, arrived.databases) if amcheck else "skipped"
        log.info("recover_checked", amcheck=checked, last_commit=arrived.last_commit)
        await stop_cleanly(server, cluster)
    return Recovered(arrived, checked)


def _report(recovered: Recovered, base: Base, moment: datetime | None, started: float) -> None:
    arrived = recovered.arrived
    asked = moment or datetime.now(UTC)
    # Before the first commit after it, everything is as it was when the base backup ended.
    reached = arrived.last_commit or base.ended
    log.info(
        "recover_done",
        last_commit=arrived.last_commit,
        lag_seconds=(asked - reached).total_seconds(),
        amcheck=recovered.amcheck,
        seconds=round(time.monotonic() - started, 3),
        timeline=arrived.timeline,
        databases=arrived.databases,
    )
