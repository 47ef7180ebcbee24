"""The steps of a rebuild: those of the first deploy, and between them those of a restore."""

import re
from collections.abc import Iterator, Sequence

from menuvo_ops.backups.service import RESTORE
from menuvo_ops.restoring.kept import kept_databases
from menuvo_ops.restoring.moments.steps import Exchange, Recover, StartDatabase
from menuvo_ops.restoring.moments.work import Recovery
from menuvo_ops.restoring.steps import Confirm, Migrate, RestoreStep
from menuvo_ops.restoring.work import BackupWork, Work, schema_trouble
from menuvo_ops.rollout.database import ask
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.steps.first import Everything, Foundation
from menuvo_ops.rollout.steps.monitoring import Monitoring
from menuvo_ops.rollout.steps.settling import Settle
from menuvo_ops.rollout.steps.step import Step

# The extensions of a new database bring views, and no table.
_TABLES = (
    "SELECT count(*) FROM pg_class"
    " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
)
_ANOTHER = "Name a release that knows {head}: --version SHA. Or an older backup: --backup ID"
_NOT_DIGITS = re.compile(r"\D")


class Ground(Foundation):
    """Without the database: an empty one would be in the place of what is recovered."""

    services: Sequence[str] = ("redis",)

    @property
    def sentence(self) -> str:
        return "Put the files in place and start the queue"


class RecoverAll(Recover):
    @property
    def sentence(self) -> str:
        return f"Recover {self.work.told} from the bucket, and check it"

    def remedy(self, head: str) -> str:
        return _ANOTHER.format(head=head)


class Place(Exchange):
    """An earlier try may have left a database there, which is not the one of this server then."""

    @property
    def sentence(self) -> str:
        return "Put it in PostgreSQL's place, as the database of this server"

    def do(self) -> None:
        self.work.clusters.adopt(self.work.move.incoming)
        super().do()


class Recall(RestoreStep[Work]):
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


def steps_of_backup(work: BackupWork) -> list[Step]:
    return [
        Foundation("foundation", work.scene),
        Recall("recall", work),
        Load("load", work),
        *_rest(work),
    ]


def steps_of_moment(work: Recovery) -> list[Step]:
    return [
        Ground("foundation", work.scene),
        RecoverAll("recover", work),
        Place("place", work),
        StartDatabase("database", work),
        Recall("recall", work),
        *_rest(work),
    ]


def _rest(work: Work) -> list[Step]:
    return [
        Migrate("migrate", work),
        Everything("everything", work.scene),
        Confirm("confirm", work),
        Monitoring("monitoring", work.scene),
        Settle("settle", work.scene),
    ]


def newer_schema(head: str, release: Release) -> Iterator[Problem]:
    """Of what is to be restored, where that is known before."""
    told = schema_trouble(head, release, [])
    if told:
        yield Problem(told, _ANOTHER.format(head=head))


def _digits(moment: str) -> str:
    """In UTC to the second, whether a name or a journal tells it."""
    return _NOT_DIGITS.sub("", moment)[: len("20261128030000")]
