"""What a deployment lacks so that nothing is lost with its server, and what to type."""

from collections.abc import Iterator

from menuvo_ops.drilling import remembered as drills
from menuvo_ops.errors import OpsError
from menuvo_ops.recovery import remembered as recoveries
from menuvo_ops.recovery.content import of_deployment
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.timers.crontab import Crontab


def reminders(stack: Stack) -> "list[str]":
    """A sentence each; none before the first deploy."""
    archive = Archive(stack.directory)
    if archive.current() is None:
        return []
    return [*_recovery(stack, archive), *_timers(archive)]


def _recovery(stack: Stack, archive: Archive) -> Iterator[str]:
    try:
        complaint = recoveries.complaint(archive, of_deployment(stack))
    except OpsError:
        # An environment that cannot be read is told elsewhere.
        return
    if complaint:
        yield complaint


def _timers(archive: Archive) -> Iterator[str]:
    try:
        installed = Crontab(archive.deployment).is_installed
    except OpsError:
        installed = False
    if not installed:
        yield "Nothing restores backups for trial by itself: ./menuvo timers install"
        return
    drill = drills.read(archive)
    if drill is not None and drill.outcome == "failed":
        yield f"The drill of {drill.at} failed: {drill.cause}"
    elif drill is not None and drill.is_overdue:
        yield f"The last drill was on {drill.at}: ./menuvo drill"
