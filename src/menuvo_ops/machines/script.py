"""The text that a server runs: what it is given, the items, and what goes through them."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from menuvo_ops.errors import Usage
from menuvo_ops.machines.items import ITEMS, SHELL, Item

DEPLOY_USER = "deploy"
# shut: mend, and be taken back unless it is confirmed.
Verb = Literal["check", "mend", "shut", "confirm", "undo"]
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Given:
    """`keys` are public ones that must let the user in; `reboot_at` is HH:MM of the server's clock,
    and without it what is set there stays."""

    keys: Sequence[str] = ()
    reboot_at: str | None = None


def require_hour(hour: str | None) -> None:
    """Raises Usage."""
    if hour and not _TIME_OF_DAY.fullmatch(hour):
        raise Usage(f"{hour!r} is no time of the day.", hint="Write it as --reboot-at 04:30")


def script(verb: Verb, items: Sequence[Item] = ITEMS, given: Given = Given()) -> str:
    """For `sh -s PORT`, where PORT is what the login came in by."""
    values = {
        "DEPLOY_USER": DEPLOY_USER,
        "WANTED_KEYS": "\n".join(given.keys),
        "REBOOT_AT": given.reboot_at or "",
    }
    return "\n".join(
        [
            "#!/bin/sh",
            *(f"{name}={shlex.quote(value)}" for name, value in values.items()),
            "SSH_PORT=${1-}",
            *(path.read_text() for path in (SHELL / "common.sh", *(one.file for one in ITEMS))),
            (SHELL / "run.sh").read_text(),
            # What the items start would else read the rest of a script that comes by stdin.
            f"main {shlex.join([verb, *(item.name for item in items)])} </dev/null",
            "",
        ]
    )
