"""What a deployment lacks so that nothing is lost with its server, and what to type."""

from menuvo_ops.errors import OpsError
from menuvo_ops.recovery.content import of_deployment
from menuvo_ops.recovery.remembered import complaint
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.stack import Stack


def reminders(stack: Stack) -> "list[str]":
    """A sentence each; none before the first deploy."""
    archive = Archive(stack.directory)
    if archive.current() is None:
        return []
    try:
        told = complaint(archive, of_deployment(stack))
    except OpsError:
        # An environment that cannot be read is told elsewhere.
        return []
    return [told] if told else []
