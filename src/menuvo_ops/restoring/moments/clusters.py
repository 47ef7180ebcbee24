"""The databases in PostgreSQL's volume, moved by infra/postgres/clusters.sh: as whole folders, in a
container like PostgreSQL's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from menuvo_ops.commands import compose
from menuvo_ops.commands.compose import Project
from menuvo_ops.rollout.stack import Stack

_SCRIPT = "/etc/menuvo/clusters.sh"
_SHELL = "/bin/sh"
_RECOVERED, _BEFORE, _UNDONE = "recovered/", "kept/before-", "kept/undone-"
# The user of the backup's image, and no one else's.
_RECOVERER = "10003:10003"
_SECONDS = 120
# Of many files on a slow disk.
_LONG_SECONDS = 3600


def recovered(moment: str) -> str:
    return f"{_RECOVERED}{moment}"


def before(moment: str) -> str:
    return f"{_BEFORE}{moment}"


def undone(moment: str) -> str:
    return f"{_UNDONE}{moment}"


@dataclass(frozen=True)
class Found:
    """`live_bytes` is None where the volume holds no database to serve from; `places` are the
    folders of the others."""

    live_bytes: "int | None"
    places: tuple[str, ...]

    @property
    def kept(self) -> list[str]:
        """What restores kept or took away, by name."""
        return [one for one in self.places if not one.startswith(_RECOVERED)]

    @property
    def newest_before(self) -> "str | None":
        """The moment at which the newest that can come back was kept."""
        moments = [one[len(_BEFORE) :] for one in self.places if one.startswith(_BEFORE)]
        return max(moments, default=None)


NOTHING = Found(None, ())


@dataclass(frozen=True)
class Clusters:
    stack: Stack
    project: Project

    def look(self) -> Found:
        lines = self._run("list", seconds=_LONG_SECONDS).splitlines()
        sizes = [int(line.split()[1]) * 1024 for line in lines if line.startswith("live ")]
        places = tuple(line for line in lines if not line.startswith("live "))
        return Found(sizes[0] if sizes else None, places)

    def make_room(self) -> None:
        """For one that is recovered; what an earlier recovery left there is gone."""
        self._run("room", _RECOVERER, seconds=_LONG_SECONDS)

    def own(self, place: str) -> None:
        """Give it to PostgreSQL."""
        self._run("own", place, seconds=_LONG_SECONDS)

    def adopt(self, place: str) -> None:
        """From now on it is the database of this server, and PostgreSQL starts on no other."""
        self._run("adopt", place)

    def exchange(self, incoming: str, outgoing: str) -> None:
        """The way back is the same with the two exchanged. PostgreSQL must not run."""
        self._run("exchange", incoming, outgoing)

    def drop(self, places: Sequence[str]) -> None:
        self._run("drop", *places, seconds=_LONG_SECONDS)

    def _run(self, *words: str, seconds: float = _SECONDS) -> str:
        argv = compose.run_instead(self.project, "postgres", [_SCRIPT, *words], entrypoint=_SHELL)
        return self.stack.shell.run(argv, what=f"Moving databases ({words[0]})", seconds=seconds)
