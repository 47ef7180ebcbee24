"""A rebuild from a backup: into a database that the first start makes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from menuvo_ops.backups.keys import RECOVERY_FILE, unopened
from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.showing import ago
from menuvo_ops.rebuilding.steps import newer_schema, steps_of_backup
from menuvo_ops.restoring.preflight import of_backup, room
from menuvo_ops.restoring.work import BackupWork
from menuvo_ops.rollout.journal import Options
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.steps.step import Step


@dataclass(frozen=True)
class OfBackup:
    """`why` it is one, where the archive would have been better."""

    work: BackupWork
    backup: Backup
    why: str = ""

    @property
    def told(self) -> str:
        now = datetime.now(timezone.utc)  # noqa: UP017, server Python
        return f"{self.work.told}, {ago((now - self.backup.began).total_seconds())}"

    @property
    def loss(self) -> str:
        return f"What was ordered since that backup is not in it. {self.why}".rstrip()

    @property
    def remembered(self) -> Options:
        return {"backup": self.backup.id}

    def problems(self) -> Iterator[Problem]:
        work, backup = self.work, self.backup
        yield from of_backup(backup)
        yield from unopened(backup, work.scene.values(work.release), RECOVERY_FILE)
        yield from room(work, backup)
        yield from newer_schema(backup.schema_head, work.release)

    def steps(self) -> Sequence[Step]:
        return steps_of_backup(self.work)
