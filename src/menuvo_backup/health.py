"""Whether backups are made, for the container's health check: it asks files, nobody else."""

import time
from datetime import datetime
from pathlib import Path

from menuvo_backup.catalog import Catalog
from menuvo_backup.schedule import Schedule, overdue

_HEARTBEAT = "heartbeat"
_LONGEST_SILENCE_SECONDS = 60


def beat(folder: Path) -> None:
    (folder / _HEARTBEAT).touch()


def find_complaints(folder: Path, schedule: Schedule, now: datetime) -> list[str]:
    """One sentence for each thing that is wrong; none when all is well."""
    catalog = Catalog(folder)
    complaints: list[str] = []
    if not _is_beating(folder):
        complaints.append("The scheduler is not running: start it with menuvo-backup serve.")
    records = [
        record
        for record in catalog.list_records()
        if record.outcome != "running" and record.began <= now
    ]
    if records and records[0].outcome == "failed":
        complaints.append(f"Backup {records[0].id} failed: {records[0].cause} {records[0].hint}")
    success = next((record for record in records if record.outcome == "good"), None)
    since = catalog.since()
    if since is not None and overdue(
        schedule, since=since, success=success.began if success else None, now=now
    ):
        last = f"the last good one is {success.id}" if success else f"there is none since {since}"
        complaints.append(f"A backup is missing: {last}. Run: menuvo-backup now.")
    return complaints


def _is_beating(folder: Path) -> bool:
    try:
        silence = time.time() - (folder / _HEARTBEAT).stat().st_mtime
    except FileNotFoundError:
        return False
    return abs(silence) < _LONGEST_SILENCE_SECONDS
