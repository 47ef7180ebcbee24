"""What was asked about backups, held to what fits together: there and before it is asked."""

from menuvo_ops.errors import Usage

ACTIONS = ("now", "list", "show", "verify", "window")


def require_sense(action: str, which: str | None, *, no_verify: bool, due: bool) -> None:
    """Raises Usage."""
    if action not in ACTIONS:
        known = ", ".join(f"menuvo backup {one}" for one in ACTIONS)
        raise Usage(f"There is no `menuvo backup {action}`.", hint=f"There is: {known}")
    if action == "show" and not which:
        raise Usage("Which backup?", hint="menuvo backup list names them: menuvo backup show ID")
    if which and action in {"now", "list", "window"}:
        raise Usage(f"`menuvo backup {action}` takes no name of a backup.")
    if no_verify and action != "now":
        raise Usage("--no-verify belongs to `menuvo backup now`.")
    if due and (action != "verify" or which):
        raise Usage("--due belongs to `menuvo backup verify`, and chooses the backup by itself.")
