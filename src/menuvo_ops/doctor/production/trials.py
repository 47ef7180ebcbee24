"""Whether backups are tried out, and the log of changes reaches the bucket."""

from datetime import datetime, timezone

from menuvo_ops.backups.showing import ago
from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.finding import Found, doubtful, ill, not_looked, well
from menuvo_ops.doctor.production.check import Checks
from menuvo_ops.drilling import remembered
from menuvo_ops.rollout.clock import age_in_seconds
from menuvo_ops.timers import running
from menuvo_ops.timers.crontab import Crontab

# It is sent every twenty seconds; a server that restarts takes a minute or two.
_LATE_SECONDS = 300
_SAYS_WHY = "docker compose logs --tail 50 postgres-backup; docs/runbooks/backup-failed.md"


def archive(ground: Deployed) -> Found:
    window = ground.backup_service.window()
    if not window.archives:
        return not_looked(window.state)
    if not window.spans:
        return doubtful(
            f"No moment can be brought back yet. {window.state}",
            fix="docker compose exec postgres-backup menuvo-backup base",
        )
    now = datetime.now(timezone.utc)  # noqa: UP017, server Python
    late = (now - window.spans[0].end).total_seconds()
    told = f"Any moment until {ago(late)} can be brought back."
    return well(told) if late < _LATE_SECONDS else ill(told, fix=_SAYS_WHY)


def drill(ground: Deployed) -> Found:
    last = remembered.read(ground.archive)
    if last is None:
        return doubtful("No backup was tried out by a drill yet.", fix="menuvo drill")
    when = ago(age_in_seconds(last.at))
    if last.outcome == "failed":
        return ill(f"The drill {when} failed: {last.cause}", fix="menuvo drill")
    told = f"The last drill was {when}, and brought everything back."
    return ill(told, fix="menuvo drill") if last.is_overdue else well(told)


def timers(ground: Deployed) -> Found:
    if not Crontab(ground.directory).is_installed:
        return doubtful("Nothing tries backups out by itself.", fix="menuvo timers install")
    failed = [name for name, one in running.read(ground.archive).items() if one.exit_code]
    if failed:
        return ill(f"Failed when it last ran: {', '.join(failed)}.", fix="menuvo timers show")
    return well("Each hour a new backup is tried out, and once a week all that a restore needs.")


CHECKS: Checks = {"backup-archive": archive, "backup-drill": drill, "backup-timers": timers}
