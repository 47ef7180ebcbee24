"""Whether backups are made, for the container's health check: it asks files, nobody else."""

import time
from datetime import datetime, timedelta
from pathlib import Path

from menuvo_backup.catalog import Catalog
from menuvo_backup.complaints import Complaint
from menuvo_backup.records import Record
from menuvo_backup.schedule import Schedule, overdue
from menuvo_backup.settings import Watch
from menuvo_backup.wal.status import Memory, find_complaints_of_the_log

_HEARTBEAT = "heartbeat"
_LONGEST_SILENCE_SECONDS = 60


def beat(folder: Path) -> None:
    (folder / _HEARTBEAT).touch()


def find_complaints(watch: Watch, now: datetime) -> list[Complaint]:
    """One for each thing that is wrong; none when all is well."""
    of_the_log = find_complaints_of_the_log(Memory(watch.folder), now) if watch.archives else []
    return [*find_complaints_of_backups(watch, now), *of_the_log]


def find_complaints_of_backups(watch: Watch, now: datetime) -> list[Complaint]:
    """Of the nightly ones and of who makes them."""
    catalog = Catalog(watch.folder)
    complaints: list[Complaint] = []
    if not _is_beating(watch.folder):
        complaints.append(
            Complaint("The scheduler is not running", "start it with menuvo-backup serve.")
        )
    records = _ended(catalog, now)
    if records and records[0].outcome == "failed":
        last = records[0]
        complaints.append(Complaint(f"Backup {last.id} failed", f"{last.cause} {last.hint}"))
    complaints += [*_about_doubts(records), *_about_objects(records)]
    since = catalog.since()
    success = next((record for record in records if record.outcome == "good"), None)
    if since is not None and _is_overdue(watch.schedule, since, success, now):
        last = f"the last good one is {success.id}" if success else f"there is none since {since}"
        complaints.append(Complaint("A backup is missing", f"{last}. Run: menuvo-backup now."))
        return complaints
    since = catalog.verifying_since() if watch.verifies else None
    success = next((record for record in records if record.verified is not None), None)
    if since is not None and _is_overdue(watch.schedule, since, success, now):
        last = f"the last one is {success.id}" if success else f"there is none since {since}"
        hint = (
            "Run: menuvo-backup verify, where there are 512 MiB for it. Or set "
            "BACKUP_VERIFY=false, and trust in dumps nobody restored."
        )
        complaints.append(Complaint("A verified backup is missing", f"{last}. {hint}"))
    return complaints


def find_age(watch: Watch, now: datetime) -> timedelta | None:
    """Of the last backup that counts: a verified one, where somebody verifies."""
    for record in _ended(Catalog(watch.folder), now):
        if record.verified is not None or (record.outcome == "good" and not watch.verifies):
            return now - record.began
    return None


def find_waiting(watch: Watch) -> Record | None:
    """The newest backup, when it is not verified yet."""
    good = (one for one in Catalog(watch.folder).list_records() if one.outcome == "good")
    newest = next(good, None)
    return newest if newest is not None and newest.awaits_verification else None


def _ended(catalog: Catalog, now: datetime) -> list[Record]:
    """The newest first. One in the future is from before the clock was put right."""
    return [
        record
        for record in catalog.list_records()
        if record.outcome != "running" and record.began <= now
    ]


def _about_doubts(records: list[Record]) -> list[Complaint]:
    """The last try to verify, whichever backup it was. One that proved its backup to be none, and
    is the newest, was told already."""
    tried = [(at, record) for record in records if (at := record.verification_tried) is not None]
    last = max(tried, key=lambda one: one[0])[1] if tried else None
    if last is None or last.doubt is None or (last.refuted and last is records[0]):
        return []
    doubt = last.doubt
    return [Complaint(f"Backup {last.id} was not verified", f"{doubt.cause} {doubt.hint}")]


def _about_objects(records: list[Record]) -> list[Complaint]:
    """Of the last backup that has a dump: they are listed and copied with each."""
    last = next((record for record in records if record.dump is not None), None)
    objects = last.objects if last is not None else None
    if objects is None:
        return []
    complaints: list[Complaint] = []
    if objects.cause:
        complaints.append(
            Complaint("Pictures and files were not listed", f"{objects.cause} {objects.hint}")
        )
    copied = objects.copied
    if copied is not None and copied.cause:
        complaints.append(
            Complaint("Pictures and files were not all copied", f"{copied.cause} {copied.hint}")
        )
    return complaints


def _is_overdue(schedule: Schedule, since: datetime, success: Record | None, now: datetime) -> bool:
    return overdue(schedule, since=since, success=success.began if success else None, now=now)


def _is_beating(folder: Path) -> bool:
    try:
        silence = time.time() - (folder / _HEARTBEAT).stat().st_mtime
    except FileNotFoundError:
        return False
    return abs(silence) < _LONGEST_SILENCE_SECONDS
