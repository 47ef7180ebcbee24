"""The steps of a rebuild: those of the first deploy, and between them those of a restore."""

import re

from menuvo_ops.backups.service import RESTORE
from menuvo_ops.restoring.kept import kept_databases
from menuvo_ops.restoring.steps import Confirm, Migrate, RestoreStep
from menuvo_ops.restoring.work import BackupWork
from menuvo_ops.rollout.database import ask
from menuvo_ops.rollout.steps.first import Everything, Foundation
from menuvo_ops.rollout.steps.settling import Settle
from menuvo_ops.rollout.steps.step import Step

# The extensions of a new database bring views, and no table.
_TABLES = (
    "SELECT count(*) FROM pg_class"
    " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
)
_NOT_DIGITS = re.compile(r"\D")


class Recall(RestoreStep[BackupWork]):
    @property
    def sentence(self) -> str:
        return "Learn from the bucket which backups there are"

    def do(self) -> None:
        self.work.service.end_leftovers()
        self.work.service.follow(RESTORE, "recall")


class Load(RestoreStep[BackupWork]):
    @property
    def sentence(self) -> str:
        return f"Fetch {self.work.told} and restore it into the new database"

    def do(self) -> None:
        """The restore keeps what it takes the place of. Here that is a database without a table,
        and `menuvo restore --undo` must not find it."""
        backup = self.work.backup
        assert backup is not None  # noqa: S101, the plan sees to it
        self.work.service.end_leftovers()
        if not self._has_switched():
            self.work.service.follow(RESTORE, "restore", backup.id, "--from", "bucket")
        for name in kept_databases(self.scene):
            self._drop_if_empty(name)

    def _has_switched(self) -> bool:
        """Since this rebuild was begun; what an earlier try has kept is older."""
        entry = self.scene.archive.under_way()
        began = _digits(entry.opened_at) if entry else ""
        return any(_digits(name) >= began for name in kept_databases(self.scene))

    def _drop_if_empty(self, name: str) -> None:
        stack, postgres = self.scene.stack, self.scene.container("postgres")
        if ask(stack, postgres, _TABLES, database=name) == "0":
            ask(stack, postgres, f'DROP DATABASE "{name}"')


def steps(work: BackupWork) -> list[Step]:
    return [
        Foundation("foundation", work.scene),
        Recall("recall", work),
        Load("load", work),
        Migrate("migrate", work),
        Everything("everything", work.scene),
        Confirm("confirm", work),
        Settle("settle", work.scene),
    ]


def _digits(moment: str) -> str:
    """In UTC to the second, whether a name or a journal tells it."""
    return _NOT_DIGITS.sub("", moment)[: len("20261128030000")]
