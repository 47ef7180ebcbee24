"""What was asked about recovery files, held to what fits together."""

from menuvo_ops.errors import Usage

ACTIONS = ("write", "sheet")


def require_sense(action: str, file: str | None) -> None:
    """Raises Usage."""
    if action not in ACTIONS:
        raise Usage(
            f"There is no `menuvo recovery {action}`.",
            hint="There is: menuvo recovery write [FILE], menuvo recovery sheet",
        )
    if file and action == "sheet":
        raise Usage("The sheet is printed and takes no file.", hint="menuvo recovery write FILE")
