"""PostgreSQL refuses to run as root; this finds the way not to be root.

A user namespace maps a harmless user to root: files keep their owner, so a clone in a folder
that only root may enter works too. Where namespaces are forbidden (many containers), the
process becomes another user for real, and its folder must be reachable for that user.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from menuvo_ops.commands import process
from menuvo_ops.errors import MissingProgram, Refused


@dataclass(frozen=True)
class Identity:
    """How to run a program as someone who is not root; None changes nothing."""

    mapped_to: int | None = None
    switched_to: pwd.struct_passwd | None = None

    def run_as(self, argv: list[str]) -> list[str]:
        if self.mapped_to is not None:
            return process.as_mapped_user(argv, self.mapped_to)
        if self.switched_to is not None:
            user = self.switched_to
            return process.as_other_user(argv, uid=user.pw_uid, gid=user.pw_gid)
        return argv

    def own(self, path: Path) -> None:
        """Hand a file or an empty folder to the identity, which must be able to reach it."""
        if self.switched_to is None:
            return
        os.chown(path, self.switched_to.pw_uid, self.switched_to.pw_gid)
        if not _succeeds(self.run_as(["test", "-w", str(path)])):
            raise Refused(
                f"PostgreSQL refuses to run as root, and {self.switched_to.pw_name} cannot reach "
                f"{path}.",
                hint="Clone into a folder that everyone may enter, or be an ordinary user.",
            )


@cache
def identity() -> Identity:
    """Ordinary users with a name stay who they are; initdb refuses root and nameless users."""
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        return Identity()
    # The user's name is looked up by initdb, so it must be one this machine knows.
    user = next((entry for entry in pwd.getpwall() if entry.pw_uid != 0), None)
    if user is None:
        raise MissingProgram(
            "PostgreSQL refuses to run as root, and this machine knows no other user.",
            hint="Add a user (useradd menuvo) and run the command again.",
        )
    if _succeeds(process.as_mapped_user(["true"], user.pw_uid)):
        return Identity(mapped_to=user.pw_uid)
    if _succeeds(process.as_other_user(["true"], uid=user.pw_uid, gid=user.pw_gid)):
        return Identity(switched_to=user)
    raise MissingProgram(
        "PostgreSQL refuses to run as root, and neither unshare nor setpriv works here.",
        hint="Install util-linux, or run the command as an ordinary user.",
    )


def _has_name(uid: int) -> bool:
    return any(entry.pw_uid == uid for entry in pwd.getpwall())


def _succeeds(argv: list[str]) -> bool:
    try:
        return subprocess.run(argv, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
