"""What is brought into the database's place, and what its steps have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from menuvo_ops.backups.moment import Moment
from menuvo_ops.restoring.moments.clusters import Clusters
from menuvo_ops.restoring.work import Work


@dataclass(frozen=True)
class Move:
    """`incoming` takes the place of the database that serves, which becomes `outgoing`.

    `was_lost`: PostgreSQL did not serve when this began, so there is nothing to go back to.
    """

    incoming: str
    outgoing: str
    was_lost: bool = False

    @property
    def written(self) -> "dict[str, bool | float | str]":
        """For the journal."""
        return {"incoming": self.incoming, "outgoing": self.outgoing, "was_lost": self.was_lost}

    @classmethod
    def read(cls, written: "Mapping[str, bool | float | str]") -> "Move":
        return cls(
            str(written["incoming"]), str(written["outgoing"]), bool(written.get("was_lost"))
        )


@dataclass
class ClusterWork(Work):
    clusters: Clusters
    move: Move

    @property
    def told(self) -> str:
        return "the database that the last restore kept"


@dataclass
class Recovery(ClusterWork):
    """`last_commit` is known once it is recovered."""

    moment: Moment = field(default_factory=lambda: Moment(None))
    last_commit: "datetime | None" = None

    @property
    def told(self) -> str:
        if self.moment.at is None:
            return "the database of the last moment in the archive"
        return f"the database of {self.moment.told}"
