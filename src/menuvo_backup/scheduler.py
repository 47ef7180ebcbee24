"""`serve`: waits for the next run, in the foreground of the container.

Each run is a process of its own: what it used of the memory is free afterwards, and one that the
kernel kills for want of it takes nobody along.
"""

import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Literal, TypeAlias

from menuvo_backup import log
from menuvo_backup.catalog import Catalog
from menuvo_backup.errors import Busy
from menuvo_backup.health import beat
from menuvo_backup.monitor import telling
from menuvo_backup.records import Record
from menuvo_backup.schedule import Schedule, next_run
from menuvo_backup.settings import Settings
from menuvo_backup.wal.status import Memory, base_is_due

Verb: TypeAlias = Literal["now", "upload", "base"]

# The clock is looked at this often, so that its jumps are seen.
_TICK_SECONDS = 5.0
_POLL_SECONDS = 0.5
# After a run, whatever became of it: one that cannot even leave a record is not begun in a loop.
_PAUSE_TICKS = 12
# Docker's patience is 30 s (`stop_grace_period`).
_GRACE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Plan:
    verb: Verb
    at: datetime


def plan(schedule: Schedule, *, since: datetime, last: Record | None, uploads: bool) -> Plan:
    """What comes next. A dump that is only here is sent, not made again, until one is due."""
    if last is None:
        return Plan("now", schedule.due_after(since))
    failed_at = (last.ended or last.began) if last.outcome == "failed" else None
    at = next_run(schedule, began=last.began, failed_at=failed_at)
    sends = uploads and last.only_here and at < schedule.due_after(last.began)
    return Plan("upload" if sends else "now", at)


def serve(settings: Settings, stopping: Event) -> None:
    """Until `stopping` is set."""
    catalog, schedule = Catalog(settings.folder), settings.schedule
    memory = Memory(settings.folder)
    uploads = settings.bucket is not None
    since = catalog.remember_since(datetime.now(UTC))
    catalog.remember_verifying(datetime.now(UTC), verifies=settings.verifies)
    beat(catalog.folder)
    _settle(catalog)

    def look() -> Plan:
        now = datetime.now(UTC)
        return plan(schedule, since=min(since, now), last=catalog.find_last(now), uploads=uploads)

    log.info("schedule_started", cron=schedule.cron, zone=str(schedule.zone), next_run=look().at)
    with telling(settings.monitor, settings.watch) as tell_monitor:
        last = catalog.find_last(datetime.now(UTC))
        # Not left for the next run, even if that comes within the hour: it may be stopped again.
        if uploads and last and last.only_here:
            _run("upload", catalog, stopping)
            tell_monitor()
        while not stopping.is_set():
            beat(catalog.folder)
            following, now = look(), datetime.now(UTC)
            if following.at <= now:
                _run(following.verb, catalog, stopping)
                tell_monitor()
                _pause(catalog, stopping)
            elif settings.archives and base_is_due(memory, settings.base_schedule, now):
                _run("base", catalog, stopping)
                tell_monitor()
            else:
                _ = stopping.wait(_TICK_SECONDS)
    log.info("schedule_stopped")


def stopped_by_signals() -> Event:
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        _ = signal.signal(number, lambda _number, _frame: stopping.set())
    return stopping


def _run(verb: Verb, catalog: Catalog, stopping: Event) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "menuvo_backup", verb], stdin=subprocess.DEVNULL
    )
    while process.poll() is None and not stopping.wait(_POLL_SECONDS):
        beat(catalog.folder)
    if process.poll() is None:
        process.terminate()
        try:
            _ = process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            _ = process.wait()
    _settle(catalog)


def _settle(catalog: Catalog) -> None:
    """Say at once of a run that was killed that it was."""
    with suppress(Busy), catalog.alone():
        pass


def _pause(catalog: Catalog, stopping: Event) -> None:
    for _ in range(_PAUSE_TICKS):
        if stopping.wait(_TICK_SECONDS):
            return
        beat(catalog.folder)
