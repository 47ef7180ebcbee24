"""What the supervisor of this clone says of its services."""

from typing import cast

from menuvo_ops.local import control, lock
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.report import Report, without_services


def report(clone: Clone) -> Report:
    """Before its supervisor answers, a clone that is being prepared counts as starting."""
    answer = control.ask(clone.control, {"verb": "status"})
    if answer is not None:
        return cast("Report", cast("object", answer))
    return without_services("starting" if lock.owner(clone.lock) else "stopped")
