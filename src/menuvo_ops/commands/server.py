"""What the tool on a server is asked, as argument lists for `menuvo_ops.server.command`."""

from dataclasses import dataclass
from typing import Literal

from menuvo_ops.logs.asking import Asked

Verb = Literal[
    "deploy",
    "rollback",
    "releases",
    "backup",
    "restore",
    "rebuild",
    "recovery",
    "drill",
    "timers",
    "monitoring",
    "doctor",
    "status",
    "env",
    "logs",
]
_LOOKS = {
    *(("deploy", "status"), ("releases", None), ("doctor", None), ("status", None)),
    *(("backup", "list"), ("backup", "show"), ("backup", "window")),
    *(("recovery", "sheet"), ("timers", "show"), ("env", "diff")),
}
# What these do is not asked about.
_UNASKED = {"releases", "backup", "recovery", "drill", "timers", "monitoring", "logs"}


@dataclass(frozen=True)
class Wish:
    """What an operator asks of a deployment; what is None is left to the server.

    `what` is the word or the release after the verb, `which` the backup or the file after that.
    """

    verb: Verb
    what: str | None = None
    version: str | None = None
    soak_seconds: float | None = None
    patience_seconds: float | None = None
    dry_run: bool = False
    repair: bool = False
    maintenance: bool = False
    accept_stale_backup: bool = False
    which: str | None = None
    no_verify: bool = False
    due: bool = False
    at: str | None = None
    undo: bool = False
    forget: bool = False
    lists: bool = False
    finish: bool = False
    # Of a rebuild, which has the file in the place of `which`.
    backup: str | None = None
    watch: bool = False
    # Of the verb of that name.
    logs: Asked | None = None

    @property
    def only_looks(self) -> bool:
        return self.lists or (self.verb, self.what) in _LOOKS

    @property
    def asks(self) -> bool:
        """Whether there is a plan that somebody has to agree to."""
        return not self.only_looks and self.verb not in _UNASKED and not self.dry_run


@dataclass(frozen=True)
class Manner:
    """How the server is to answer. `lifeline`: the end of its input is the end of our interest."""

    as_json: bool = False
    yes: bool = False
    lifeline: bool = False


def ask(wish: Wish, manner: Manner, *, directory: str, env_from: str | None = None) -> list[str]:
    """After the name of the program; a name with a dash in front stays a name. `env_from` is the
    recovery file of a rebuild."""
    rebuilds = wish.verb == "rebuild"
    values = {
        "--version": wish.version,
        "--soak": wish.soak_seconds,
        "--patience": wish.patience_seconds,
        "--env-from": None if rebuilds else env_from,
        "--at": wish.at,
        "--backup": wish.backup,
    }
    switches = {
        "--dry-run": wish.dry_run,
        "--repair": wish.repair,
        "--maintenance": wish.maintenance,
        "--accept-stale-backup": wish.accept_stale_backup,
        "--no-verify": wish.no_verify,
        "--due": wish.due,
        "--undo": wish.undo,
        "--forget": wish.forget,
        "--list": wish.lists,
        "--finish": wish.finish,
        "--yes": manner.yes and not wish.only_looks and wish.verb not in _UNASKED,
        "--watch": wish.watch,
        "--lifeline": wish.watch or (manner.lifeline and not wish.only_looks),
        "--json": manner.as_json,
    }
    return [
        wish.verb,
        *([wish.what] if wish.what else []),
        *([wish.which] if wish.which else []),
        *([env_from] if rebuilds and env_from else []),
        *(wish.logs.as_arguments() if wish.logs else []),
        f"--directory={directory}",
        *(f"{name}={value}" for name, value in values.items() if value is not None),
        *(name for name, wanted in switches.items() if wanted),
    ]
