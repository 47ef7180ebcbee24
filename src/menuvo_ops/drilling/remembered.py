"""How the last drill went: for the status, for timers, and for whatever watches its age."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast

from menuvo_ops.environment.writing import write
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.clock import age_in_seconds
from menuvo_ops.rollout.telling import Drilled

# Weekly, and begun at the same hour: a week less what the last one took.
_DUE_SECONDS = 6.5 * 86400
# A week, and two nights in which it could not be tried.
_OVERDUE_SECONDS = 9 * 86400


@dataclass(frozen=True)
class Drill:
    at: str
    outcome: Literal["good", "failed"]
    cause: str = ""

    @property
    def is_due(self) -> bool:
        return self.outcome == "failed" or age_in_seconds(self.at) > _DUE_SECONDS

    @property
    def is_overdue(self) -> bool:
        return age_in_seconds(self.at) > _OVERDUE_SECONDS


def remember(archive: Archive, drill: Drill, trials: Sequence[Drilled] = ()) -> None:
    facts = {**asdict(drill), "trials": [asdict(one) for one in trials]}
    write(_file(archive), json.dumps(facts).encode(), mode=0o600)


def read(archive: Archive) -> "Drill | None":
    """None where there was none, or nobody can tell any more."""
    try:
        facts = cast("dict[str, str]", json.loads(_file(archive).read_text()))
        outcome = "good" if facts["outcome"] == "good" else "failed"
        return Drill(facts["at"], outcome, facts["cause"])
    except (OSError, ValueError, KeyError):
        return None


def _file(archive: Archive) -> Path:
    return archive.root / "drill.json"
