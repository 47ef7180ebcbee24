"""Whether backups are made, for the container's health check: it asks files, nobody else."""

import time
from datetime import datetime
from pathlib import Path

from menuvo_backup.catalog import Catalog
from menuvo_backup.records import Record
from menuvo_backup.schedule import Schedule, overdue
from menuvo_backup.settings import Watch

_HEARTBEAT = "heartbeat"
_LONGEST_SILENCE_SECONDS = 60


def beat(folder: Path) -> None:
    (folder / _HEARTBEAT).touch()


def find_complaints(watch: Watch, now: datetime) -> list[str]:
    """One sentence for each thing that is wrong; none when all is well."""
    catalog = Catalog(watch.folder)
    complaints: list[str] = []
    if not _is_beating(watch.folder):
        complaints.append("The scheduler is not running: start it with menuvo-backup serve.")
    records = [
        record
        for record in catalog.list_records()
        if record.outcome != "running" and record.began <= now
    ]
    if records and records[0].outcome == "failed":
        complaints.append(f"Backup {records[0].id} failed: {records[0].cause} {records[0].hint}")
    complaints += _about_doubts(records)
    since = catalog.since()
    success = next((record for record in records if record.outcome == "good"), None)
    if since is not None and _is_overdue(watch.schedule, since, success, now):
        last = f"the last good one is {success.id}" if success else f"there is none since {since}"
        complaints.append(f"A backup is missing: {last}. Run: menuvo-backup now.")
        return complaints
    since = catalog.verifying_since() if watch.verifies else None
    success = next((record for record in records if record.verified is not None), None)
    if since is not None and _is_overdue(watch.schedule, since, success, now):
        last = f"the last one is {success.id}" if success else f"there is none since {since}"
        complaints.append(
            f"A verified backup is missing: {last}. Run: menuvo-backup verify, where there are "
            "512 MiB for it. Or set BACKUP_VERIFY=false, and trust in dumps nobody restored."
        )
    return complaints


def find_waiting(watch: Watch) -> Record | None:
    """The newest backup, when it is not verified yet."""
    good = (one for one in Catalog(watch.folder).list_records() if one.outcome == "good")
    newest = next(good, None)
    return newest if newest is not None and newest.awaits_verification else None


def _about_doubts(records: list[Record]) -> list[str]:
    """The last try to verify, whichever backup it was. One that proved its backup to be none, and
    is the newest, was told already."""
    tried = [(at, record) for record in records if (at := record.verification_tried) is not None]
    last = max(tried, key=lambda one: one[0])[1] if tried else None
    if last is None or last.doubt is None or (last.refuted and last is records[0]):
        return []
    return [f"Backup {last.id} was not verified: {last.doubt.cause} {last.doubt.hint}"]


def _is_overdue(schedule: Schedule, since: datetime, success: Record | None, now: datetime) -> bool:
    return overdue(schedule, since=since, success=success.began if success else None, now=now)


def _is_beating(folder: Path) -> bool:
    try:
        silence = time.time() - (folder / _HEARTBEAT).stat().st_mtime
    except FileNotFoundError:
        return False
    return abs(silence) < _LONGEST_SILENCE_SECONDS
