"""A rebuild from the archive: the whole database of a moment, put where PostgreSQL looks for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from menuvo_ops.backups.keys import RECOVERY_FILE
from menuvo_ops.backups.moment import read_aloud
from menuvo_ops.backups.showing import ago
from menuvo_ops.backups.window import NOTHING_YET, Window
from menuvo_ops.rebuilding.steps import steps_of_moment
from menuvo_ops.restoring.moments.clusters import NOTHING
from menuvo_ops.restoring.moments.preflight import of_moment
from menuvo_ops.restoring.moments.work import Recovery
from menuvo_ops.rollout.journal import Options
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.steps.step import Step


@dataclass(frozen=True)
class OfMoment:
    work: Recovery
    window: Window = NOTHING_YET

    @property
    def told(self) -> str:
        """Of the last moment how long ago it was: first by the archive, then by what was found."""
        work = self.work
        if work.last_commit is None:
            end = self.window.end if work.moment.at is None else None
            return f"{work.told}, {self._when(end)}" if end else work.told
        if work.moment.at is None:
            return f"{work.told}: the last commit was at {self._when(work.last_commit)}"
        lag = (work.moment.at - work.last_commit).total_seconds()
        return f"{work.told}: the last commit was {lag:.0f} s before it"

    @property
    def loss(self) -> str:
        if self.work.moment.at is not None:
            return "What was ordered since that moment is not in it."
        return "What was ordered in the seconds after it may not have reached the bucket."

    @property
    def remembered(self) -> Options:
        return {"at": self.work.moment.written, **self.work.move.written}

    def problems(self) -> Iterator[Problem]:
        return of_moment(self.work, self.window, NOTHING, RECOVERY_FILE)

    def steps(self) -> Sequence[Step]:
        return steps_of_moment(self.work)

    def _when(self, at: datetime) -> str:
        now = datetime.now(timezone.utc)  # noqa: UP017, server Python
        return f"{read_aloud(at, self.work.moment.zone)}, {ago((now - at).total_seconds())}"
