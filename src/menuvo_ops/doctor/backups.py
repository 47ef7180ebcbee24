"""Whether what would be lost today is little."""

from datetime import datetime, timezone

from menuvo_ops.backups.records import STALE_HOURS, Backup
from menuvo_ops.backups.showing import ago
from menuvo_ops.doctor.finding import Check, Found, doubtful, ill, well
from menuvo_ops.doctor.ground import Ground

_RUNBOOK = "docs/runbooks/backup-failed.md"


def last(ground: Ground) -> Found:
    backups = ground.backups()
    newest = backups[0] if backups else None
    if newest is not None and newest.outcome == "failed":
        return ill(
            f"The last backup failed. {newest.complaint}".strip(),
            fix=f"{_RUNBOOK}; then {ground.words.menuvo} backup now",
        )
    return well(f"The last backup is of {newest.when}." if newest else "None has failed.")


def age(ground: Ground) -> Found:
    return _fresh(
        ground,
        next((one for one in ground.backups() if one.can_be_restored), None),
        word="backup",
        fix=f"{ground.words.menuvo} backup now",
    )


def proof(ground: Ground) -> Found:
    return _fresh(
        ground,
        next((one for one in ground.backups() if one.verified and not one.refuted), None),
        word="backup that was restored for trial",
        fix=f"{ground.words.menuvo} backup verify",
    )


def elsewhere(ground: Ground) -> Found:
    newest = next((one for one in ground.backups() if one.can_be_restored), None)
    if newest is None or newest.uploaded:
        return well("The newest backup lies in the bucket." if newest else "There is none yet.")
    return doubtful(
        f"Backup {newest.id} lies on this disk alone, and a lost disk takes it along.",
        fix=f"Is a bucket set? {ground.words.menuvo} backup show {newest.id}",
    )


def _fresh(ground: Ground, backup: "Backup | None", *, word: str, fix: str) -> Found:
    """On a stack of one's own nothing makes one by itself, so there it is a hint."""
    stale = ill if ground.is_production else doubtful
    if backup is None:
        return stale(f"There is no {word}.", fix=fix)
    seconds = (_now() - backup.began).total_seconds()
    told = f"The last {word} began {ago(seconds)}."
    return well(told) if seconds < STALE_HOURS * 3600 else stale(told, fix=fix)


def _now() -> datetime:
    return datetime.now(timezone.utc)  # noqa: UP017, as Python 3.10 has it


CHECKS: "dict[str, Check]" = {
    "backup-last": last,
    "backup-age": age,
    "backup-proof": proof,
    "backup-elsewhere": elsewhere,
}
