"""What was asked about timers, held to what fits together."""

from menuvo_ops.errors import Usage
from menuvo_ops.timers.jobs import find

ACTIONS = ("install", "remove", "show", "run")


def require_sense(action: str, name: "str | None") -> None:
    """Raises Usage."""
    if action not in ACTIONS:
        raise Usage(
            f"There is no `menuvo timers {action}`.",
            hint="There is: menuvo timers install, menuvo timers remove, menuvo timers show",
        )
    if action == "run":
        find(name or "")
    elif name:
        raise Usage(f"`menuvo timers {action}` is about all of them, and takes no name.")
