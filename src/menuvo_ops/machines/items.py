"""What must be true of a server, in the order in which it is brought about."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SHELL = Path(__file__).parent / "shell"


# Items that shut doors could lock everybody out; those of `brought` are about what comes from
# outside once the user who deploys can come in.
Phase = Literal["open", "shut", "brought"]


@dataclass(frozen=True)
class Item:
    """`promise` is what is true when nothing is wrong."""

    name: str
    promise: str
    phase: Phase = "open"

    @property
    def file(self) -> Path:
        return SHELL / "items" / f"{self.name}.sh"


ITEMS = (
    Item("system", "A Debian or Ubuntu that is new enough, with systemd."),
    Item("programs", "What everything else is made with is installed."),
    Item("clock", "The clock is kept right."),
    Item("memory", "Redis may fork when memory is half full."),
    Item("swap", "The system has swap, also after a reboot."),
    Item("user", "The user who deploys comes in by key and may use sudo."),
    Item("docker", "Docker comes from its own repository, with compose and buildx."),
    Item("engine", "Docker limits its logs, and containers outlive its restart."),
    Item("group", "The user who deploys may use Docker."),
    Item("folder", "There is a folder for the deployment."),
    Item("updates", "Security updates come by themselves, reboots at one hour, Docker's never."),
    Item("bans", "Who guesses at sshd is kept out for an hour."),
    Item("firewall", "Nothing but ssh, 80 and 443 is let in.", phase="shut"),
    Item("sshd", "Logins are by key alone, and never as root.", phase="shut"),
    Item(
        "environment",
        "The environment is readable for the user who deploys alone.",
        phase="brought",
    ),
    Item("registry", "The server is logged in to the registry.", phase="brought"),
    Item("tool", "The tool of the release that serves runs.", phase="brought"),
    Item("timers", "The server restores its backups for trial.", phase="brought"),
)
OPEN = tuple(item for item in ITEMS if item.phase == "open")
SHUT = tuple(item for item in ITEMS if item.phase == "shut")
BROUGHT = tuple(item for item in ITEMS if item.phase == "brought")
PROMISES = {item.name: item.promise for item in ITEMS}
