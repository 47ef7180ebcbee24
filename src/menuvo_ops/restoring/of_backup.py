"""The restore of a backup, or of the database that the last one kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from menuvo_ops.backups.records import Backup
from menuvo_ops.restoring.kept import count_orders_since
from menuvo_ops.restoring.preflight import problems
from menuvo_ops.restoring.steps import steps
from menuvo_ops.restoring.work import BackupWork, loss, silence
from menuvo_ops.rollout.journal import Options
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.steps.step import Step


@dataclass(frozen=True)
class OfBackup:
    work: BackupWork
    # All that there are.
    backups: Sequence[Backup] = ()

    @property
    def told(self) -> str:
        return self.work.told

    @property
    def remembered(self) -> Options:
        backup = self.work.backup
        return {"backup": backup.id if backup else "", "kept": ",".join(sorted(self.work.kept))}

    def problems(self) -> list[Problem]:
        return problems(self.work, self.backups)

    def title(self) -> str:
        backup, orders = self.work.backup, None
        if backup is not None:
            orders = count_orders_since(self.work.scene, backup.began.isoformat())
        return (
            f"Release {self.work.release.name} goes on, with {self.told}. {silence(backup)}"
            f" {loss(backup, orders)}"
        )

    def steps(self) -> Sequence[Step]:
        return steps(self.work)

    def what_is_kept(self) -> str:
        kept = "what it took the place of" if self.work.backup else "what had been restored"
        undo = " --undo brings it back," if self.work.backup else ""
        return f"Kept beside it is {kept}: menuvo restore{undo} --forget drops it."

    def after_way_back(self, cause: str) -> str:
        if self.work.backup is None:
            return f"Everything runs, but it was not done as a whole: {cause}"
        return f"Taken back: {cause} Again, the database of before serves."
