"""The trials of a drill. Each brings data back from the bucket into a place of its own."""

from collections.abc import Callable
from datetime import datetime, timezone

from menuvo_ops.backups.events import Facts
from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.service import VERIFICATION, Service
from menuvo_ops.errors import CommandFailed
from menuvo_ops.rollout.telling import Drilled

# Raises CommandFailed when nothing can be brought back.
Trial = Callable[[Service], Drilled]


def newest_backup(service: Service) -> Drilled:
    """Also where this disk has a copy: it would be lost together with the server."""
    backup = _newest_in_bucket(service.list_backups())
    heard = service.follow(VERIFICATION, "verify", backup.id, "--from", "bucket")
    verified = next(one for one in reversed(heard) if one["event"] == "backup_verified")
    now = datetime.now(timezone.utc)  # noqa: UP017, server Python
    return Drilled(
        trial="newest-backup",
        backup=backup.id,
        age_seconds=round((now - backup.began).total_seconds()),
        fetch_seconds=_number(verified, "fetch_seconds"),
        restore_seconds=_number(verified, "restore_seconds"),
        rows=round(_number(verified, "rows")),
    )


TRIALS: "tuple[Trial, ...]" = (newest_backup,)


def _number(facts: Facts, name: str) -> float:
    value = facts.get(name)
    return float(value) if isinstance(value, (int, float)) else 0.0


def _newest_in_bucket(backups: "list[Backup]") -> Backup:
    for one in backups:
        if one.uploaded and one.can_be_restored:
            return one
    raise CommandFailed(
        "The bucket has no backup that can be restored.", hint="Make one: menuvo backup now"
    )
