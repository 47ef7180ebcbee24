"""The two restores of whole databases: to a moment, and back to what the last one kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.window import NOTHING_YET, Window
from menuvo_ops.restoring.kept import count_orders_since
from menuvo_ops.restoring.moments.clusters import NOTHING, Found
from menuvo_ops.restoring.moments.preflight import problems_of_recovery, problems_of_return
from menuvo_ops.restoring.moments.steps import steps_of_exchange, steps_of_recovery
from menuvo_ops.restoring.moments.work import ClusterWork, Recovery
from menuvo_ops.restoring.work import START_SECONDS, loss, lost_orders
from menuvo_ops.rollout.journal import Options
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.steps.step import Step

# PostgreSQL's stop and start, with those of everything else.
_SILENCE = f"nothing is served for about {START_SECONDS + 15} s"


@dataclass(frozen=True)
class OfMoment:
    work: Recovery
    window: Window = NOTHING_YET
    found: Found = NOTHING
    backups: Sequence[Backup] = ()

    @property
    def told(self) -> str:
        return self.work.told

    @property
    def remembered(self) -> Options:
        work = self.work
        return {"at": work.moment.written, **work.move.written}

    def problems(self) -> list[Problem]:
        return problems_of_recovery(self.work, self.window, self.found, self.backups)

    def title(self) -> str:
        work, at = self.work, self.work.moment.at
        begins = f"Release {work.release.name} goes on, with {work.told}."
        if work.move.was_lost:
            postgres = work.scene.containers().get("postgres")
            word = postgres.word if postgres else "missing"
            return (
                f"{begins} PostgreSQL is {word}: where it only has to be started, start it instead"
                " (docker compose up --detach postgres). What it took in its last seconds may not"
                f" have reached the archive. {self.window.told(work.moment.zone)}"
            )
        orders = count_orders_since(work.scene, at.isoformat()) if at else None
        return (
            f"{begins} It is recovered beside the one that serves; then {_SILENCE}."
            f" {lost_orders(orders, since='since that moment')}"
            " The same goes for orders that come until then."
        )

    def steps(self) -> Sequence[Step]:
        return steps_of_recovery(self.work)

    def what_is_kept(self) -> str:
        if self.work.move.was_lost:
            return "What was left of the lost one is kept: menuvo restore --forget drops it."
        return (
            "Kept beside it is what it took the place of: menuvo restore --undo brings it back,"
            " --forget drops it."
        )

    def after_way_back(self, cause: str) -> str:
        if self.work.move.was_lost:
            return f"It was not done as a whole: {cause} PostgreSQL had been lost before."
        return f"Taken back: {cause} Again, the database of before serves."


@dataclass(frozen=True)
class OfKept:
    work: ClusterWork
    backups: Sequence[Backup] = ()

    @property
    def told(self) -> str:
        return self.work.told

    @property
    def remembered(self) -> Options:
        return self.work.move.written

    def problems(self) -> list[Problem]:
        return problems_of_return(self.work, self.backups)

    def title(self) -> str:
        return (
            f"Release {self.work.release.name} goes on, with {self.told}. Meanwhile {_SILENCE}."
            f" {loss(None, None)}"
        )

    def steps(self) -> Sequence[Step]:
        return steps_of_exchange(self.work)

    def what_is_kept(self) -> str:
        return "Kept beside it is what had been restored: menuvo restore --forget drops it."

    def after_way_back(self, cause: str) -> str:
        return f"Taken back: {cause} Again, what had been restored serves."
