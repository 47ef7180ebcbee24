"""How a program is started: under which user, and tied to whose life."""

from typing import Literal


def as_mapped_user(argv: list[str], uid: int) -> list[str]:
    """Run as `uid` inside a user namespace in which that user is who we really are.

    Files keep their owner, so it works in folders that only root may enter.
    """
    return ["unshare", "--user", f"--map-user={uid}", "--", *argv]


def as_other_user(argv: list[str], *, uid: int, gid: int) -> list[str]:
    return ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--", *argv]


def tethered(argv: list[str], signal: Literal["INT", "KILL", "TERM"]) -> list[str]:
    """The kernel sends `signal` to the program when the process that started it dies."""
    return ["setpriv", "--pdeathsig", signal, "--", *argv]
