"""`menuvo recovery`, where the deployment lies."""

from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.environment.writing import write
from menuvo_ops.errors import Usage
from menuvo_ops.recovery.content import Recovery, of_deployment, written
from menuvo_ops.recovery.remembered import remember
from menuvo_ops.recovery.words import FIRST
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.clock import now
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.telling import Ended

# In the place of a file's name: whoever asked from another machine keeps it there.
PRINTED = "-"
KEEP_OFF = "Keep it where you keep passwords, and never on the server that it is for."
# New ones are as good, for a new server has a new database, Redis, hub and edge: there is no need
# to type them from paper.
_MADE_ANEW = frozenset(
    {
        *("DB_PASSWORD", "APP_DB_PASSWORD", "REDIS_PASSWORD", "PROBE_TOKEN"),
        *("BESZEL_AGENT_KEY", "BESZEL_HUB_KEY"),
    }
)


@dataclass(frozen=True)
class Recoveries:
    """Of one deployment."""

    stack: Stack

    @property
    def archive(self) -> Archive:
        return Archive(self.stack.directory)

    def write(self, file: Path) -> Ended:
        """Raises Usage for a place where it would be lost with what it is to bring back."""
        require_place(file)
        if self.stack.directory in file.resolve().parents:
            raise Usage(
                f"{file} would be lost together with this deployment.",
                hint="From your own machine: ./menuvo recovery write --host deploy@THIS-SERVER"
                "\nOr name a file elsewhere, and take it off this server.",
            )
        recovery, at = of_deployment(self.stack), now()
        write(file, written(recovery, at=_shown(at)).encode(), mode=0o600)
        remember(self.archive, recovery, at=at)
        return Ended("done", 0, f"The recovery file is {file}.", hint=KEEP_OFF)

    def printed(self, action: str) -> str:
        """The file itself, or the sheet: a file too, but without what a rebuild makes anew."""
        recovery, at = of_deployment(self.stack), now()
        left_out = _MADE_ANEW if action == "sheet" else frozenset[str]()
        content = written(_without_defaults(recovery, action), at=_shown(at), left_out=left_out)
        remember(self.archive, recovery, at=at)
        return content


def keep(content: str, file: Path) -> None:
    """What another machine has printed."""
    write(file, content.encode(), mode=0o600)


def require_place(file: Path) -> None:
    """An older recovery file is replaced, anything else is somebody's. Raises Usage."""
    if not file.resolve().parent.is_dir():
        raise Usage(f"There is no folder {file.parent}.", hint="Make it, or name another one.")
    if file.is_dir() or (file.exists() and FIRST.encode() not in file.read_bytes()):
        raise Usage(f"{file} is something else.", hint="Name another file.")


def _without_defaults(recovery: Recovery, action: str) -> Recovery:
    """Of what is typed from paper every line counts."""
    if action != "sheet":
        return recovery
    values = {
        name: value
        for name, value in recovery.source.values.items()
        if value.reveal() != VARIABLES[name].default
    }
    return replace(recovery, source=replace(recovery.source, values=values))


def _shown(at: str) -> str:
    moment = datetime.fromisoformat(at).astimezone(timezone.utc)  # noqa: UP017, server Python
    return f"{moment:%Y-%m-%d %H:%M} UTC"
