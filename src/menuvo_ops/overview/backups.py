"""How backups stand, as lines of the screen."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from menuvo_ops.backups.records import STALE_HOURS, Backup
from menuvo_ops.backups.showing import last_told
from menuvo_ops.backups.standing import Standing
from menuvo_ops.doctor.finding import Status
from menuvo_ops.overview.parts import Part


def parts_of(found: Standing, now: datetime) -> "list[Part]":
    complaints = [Part("Complaint", "fail", told, "") for told in found.news]
    if found.backups is None:
        return complaints
    return [last_backup(found.backups, now), *complaints]


def last_backup(backups: "Sequence[Backup]", now: datetime) -> Part:
    return Part("Last backup", _status(backups, now), last_told(backups, now), "")


def _status(backups: "Sequence[Backup]", now: datetime) -> Status:
    """Whoever is to make them complains of one that is missing, where there is somebody."""
    if backups and backups[0].outcome == "failed":
        return "fail"
    good = next((one for one in backups if one.can_be_restored), None)
    is_fresh = good is not None and now - good.began < timedelta(hours=STALE_HOURS)
    return "ok" if is_fresh else "warn"
