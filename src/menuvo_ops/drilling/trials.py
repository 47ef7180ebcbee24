"""The trials of a drill. Each brings data back from the bucket into a place of its own."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from menuvo_ops.backups.events import Facts, last_told
from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.service import VERIFICATION, Service
from menuvo_ops.backups.window import Window
from menuvo_ops.errors import CommandFailed
from menuvo_ops.rollout.telling import Drilled, Noted

# Raises CommandFailed when nothing can be brought back; None where there is nothing to try yet.
Trial = Callable[[Service], "Drilled | None"]
_UTC = timezone.utc  # noqa: UP017, server Python
_AGO = timedelta(minutes=5)
# The archiver commits something every 20 seconds, whether anybody orders or not: three of these
# heartbeats are missed before it is said that the archive has lost something.
_LAG_SECONDS = 60


def newest_backup(service: Service) -> Drilled:
    """Also where this disk has a copy: it would be lost together with the server."""
    backup = _newest_in_bucket(service.list_backups())
    heard = service.follow(VERIFICATION, "verify", backup.id, "--from", "bucket")
    verified = last_told(heard, "backup_verified")
    return Drilled(
        trial="newest-backup",
        backup=backup.id,
        age_seconds=round((datetime.now(_UTC) - backup.began).total_seconds()),
        fetch_seconds=_number(verified, "fetch_seconds"),
        restore_seconds=_number(verified, "restore_seconds"),
        rows=round(_number(verified, "rows")),
    )


def five_minutes_ago(service: Service) -> "Drilled | None":
    """The whole database as it was then, in a container that has no way to the one that serves."""
    moment, window = datetime.now(_UTC) - _AGO, service.window()
    why_not = _not_yet(window, moment)
    if why_not:
        service.tell(Noted(f"The archive was not tried. {why_not}"))
        return None
    heard = service.follow(VERIFICATION, "recover", "--at", moment.isoformat(), "--trial")
    begun, fetched, done = (
        last_told(heard, event) for event in ("recover_started", "recover_fetched", "recover_done")
    )
    lag = done.get("lag_seconds")
    if not isinstance(lag, (int, float)) or lag > _LAG_SECONDS:
        raise CommandFailed(
            f"What was recovered as of {moment:%H:%M:%S} UTC ends {_before(lag)}.",
            hint="Did PostgreSQL run then? Else the archive has lost what was committed in between:"
            " make a base backup (docker compose exec postgres-backup menuvo-backup base).",
        )
    seconds = _number(fetched, "seconds")
    return Drilled(
        trial="five-minutes-ago",
        backup=str(begun.get("base")),
        age_seconds=round(_AGO.total_seconds() + lag),
        fetch_seconds=seconds,
        restore_seconds=round(_number(done, "seconds") - seconds, 3),
        lag_seconds=lag,
        amcheck=str(done.get("amcheck")),
    )


TRIALS: "tuple[Trial, ...]" = (newest_backup, five_minutes_ago)


def _not_yet(window: Window, moment: datetime) -> str:
    """Empty where it can be tried, also where that must fail."""
    if not window.archives:
        return window.state
    if window.spans and moment < window.spans[0].begin and not window.has(moment):
        # A new one, or one that goes on after a restore.
        return f"It is younger than five minutes. {window.told(_UTC)}"
    return ""


def _before(lag: object) -> str:
    return f"{lag:.0f} s before" if isinstance(lag, (int, float)) else "without any commit"


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
