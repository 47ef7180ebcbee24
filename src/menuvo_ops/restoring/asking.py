"""What was asked about restores, held to what fits together: there and before it is asked."""

from menuvo_ops.errors import Usage


def require_sense(which: str | None, *, at: str | None, undo: bool, forget: bool) -> None:
    """Raises Usage."""
    if undo and forget:
        raise Usage(
            "--undo brings back what was kept, and --forget drops it.", hint="Choose one of them."
        )
    if (which or at) and (undo or forget):
        option = "--undo" if undo else "--forget"
        raise Usage(
            f"{option} is about what restores kept, and takes no name of a backup and no moment."
        )
    if which and at:
        raise Usage(
            f"{which} is a backup, and --at {at} a moment.",
            hint="A backup needs no moment, and for a moment the archive finds what it needs.",
        )
