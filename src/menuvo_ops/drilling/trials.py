"""The trials of a drill. Each brings data back from the bucket into a place of its own."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from menuvo_ops.backups.events import Facts, last_told
from menuvo_ops.backups.keys import SERVER, closed, unopened
from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.service import VERIFICATION, Service
from menuvo_ops.backups.window import Window
from menuvo_ops.environment.values import Values
from menuvo_ops.errors import CommandFailed
from menuvo_ops.rollout.telling import Drilled, Noted

# Raises CommandFailed when nothing can be brought back; None where there is nothing to try yet.
# The values have the keys, which an operator may keep elsewhere: that is no failure of a drill.
Trial = Callable[[Service, Values], "Drilled | None"]
_UTC = timezone.utc  # noqa: UP017, server Python
_AGO = timedelta(minutes=5)
# The archiver commits something every 20 seconds, whether anybody orders or not: three of these
# heartbeats are missed before it is said that the archive has lost something.
_LAG_SECONDS = 60


def newest_backup(service: Service, values: Values) -> Drilled:
    """Also where this disk has a copy: it would be lost together with the server. Without the key
    the copy is restored, and the bucket compared with what was sent."""
    backup = _newest_in_bucket(service.list_backups())
    shut = list(unopened(backup, values, SERVER))
    for problem in shut:
        service.tell(Noted(f"{problem.told}. So its copy here is restored."))
    source = () if shut else ("--from", "bucket")
    heard = service.follow(VERIFICATION, "verify", backup.id, *source)
    verified = last_told(heard, "backup_verified")
    return Drilled(
        trial="newest-backup",
        backup=backup.id,
        age_seconds=round((datetime.now(_UTC) - backup.began).total_seconds()),
        fetch_seconds=_number(verified, "fetch_seconds"),
        restore_seconds=_number(verified, "restore_seconds"),
        rows=round(_number(verified, "rows")),
    )


def five_minutes_ago(service: Service, values: Values) -> "Drilled | None":
    """The whole database as it was then, in a container that has no way to the one that serves."""
    moment, window = datetime.now(_UTC) - _AGO, service.window()
    why_not = _not_yet(window, moment) or _shut(window, values)
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


def _shut(window: Window, values: Values) -> str:
    what = f"Base backup {window.base}"
    return "".join(f"{one.told}." for one in closed(what, window.recipients, values, SERVER))


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
