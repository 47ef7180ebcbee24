"""The steps of a restore. Each may be done again, and each knows the way back."""

import subprocess
from collections.abc import Sequence
from typing import Generic, TypeVar

from menuvo_ops.backups.service import RESTORE, SERVICE
from menuvo_ops.commands import docker
from menuvo_ops.environment.values import text
from menuvo_ops.errors import CommandFailed, ServiceFailed
from menuvo_ops.restoring import missing
from menuvo_ops.restoring.kept import kept_databases
from menuvo_ops.restoring.work import BackupWork, Work
from menuvo_ops.rollout.plan import INSTANCES, WORKERS
from menuvo_ops.rollout.probe import answers
from menuvo_ops.rollout.steps.step import Step

# A little more than a worker's own two minutes.
_STOP_SECONDS = 150
_START_SECONDS = 180
_EDGE_SECONDS = 60
_MIGRATION_SECONDS = 3600
_FLUSH = 'REDISCLI_AUTH="$(cat /run/secrets/redis_password)" redis-cli flushall | grep -x OK'


W = TypeVar("W", bound=Work)


class RestoreStep(Step, Generic[W]):
    def __init__(self, name: str, work: W) -> None:
        super().__init__(name, work.scene)
        self.work: W = work


class Stop(RestoreStep[Work]):
    """The workers first: guests are served meanwhile."""

    switches: bool = True
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return "Stop the workers, then both instances: each finishes what it has in hand"

    def do(self) -> None:
        stop(self.work, WORKERS)
        stop(self.work, INSTANCES)

    def undo(self) -> None:
        start(self.work)


class Replace(RestoreStep[BackupWork]):
    switches: bool = True
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return f"Put {self.work.told} in the database's place, and keep today's beside it"

    def do(self) -> None:
        """Once it has switched there is nothing to do again: today's would be kept as today's."""
        backup = self.work.backup
        assert backup is not None  # noqa: S101, the plan sees to it
        self.work.service.end_leftovers()
        if not self._has_switched():
            self.work.service.follow(RESTORE, "restore", backup.id)

    def undo(self) -> None:
        """Only what this restore has kept comes back, and never what an earlier one had. After a
        way back that failed everything may run already, on what is now taken away."""
        self.work.service.end_leftovers()
        if self._has_switched():
            stop(self.work, (*WORKERS, *INSTANCES))
            self.work.service.follow(RESTORE, "undo-restore")
            start(self.work)

    def _has_switched(self) -> bool:
        return not kept_databases(self.scene) <= self.work.kept


class PutBack(RestoreStep[BackupWork]):
    """It has no way back of its own: the one before is what was asked for."""

    switches: bool = True

    @property
    def sentence(self) -> str:
        return f"Put {self.work.told} in the database's place again"

    def do(self) -> None:
        self.work.service.end_leftovers()
        if self.work.kept <= kept_databases(self.scene):
            self.work.service.follow(RESTORE, "undo-restore")


class Migrate(RestoreStep[Work]):
    @property
    def sentence(self) -> str:
        return f"Bring it to schema {self.work.release.schema.head}, where it is older"

    def do(self) -> None:
        scene = self.scene
        project = scene.stack.with_tasks(scene.project(self.work.release))
        try:
            told = scene.stack.run_task(
                project,
                "migrate",
                ["menuvo-platform", "migrate"],
                seconds=_MIGRATION_SECONDS,
                interruption=scene.interruption,
            )
        except CommandFailed as failure:
            raise ServiceFailed(
                "What was restored cannot be brought to the schema of what serves.",
                hint=failure.hint,
            ) from failure
        for line in told.splitlines():
            scene.note(line)


class Flush(RestoreStep[Work]):
    """Nothing in it is unlosable, and it knows of orders that are no more. The workers look into
    the ledger by themselves when they start."""

    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return "Empty Redis, which remembers the other database"

    def do(self) -> None:
        self.scene.stack.execute(self.scene.container("redis"), ["sh", "-c", _FLUSH])

    def undo(self) -> None:
        self.do()


class Start(RestoreStep[Work]):
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return "Start both instances and the workers"

    def do(self) -> None:
        start(self.work)

    def undo(self) -> None:
        """Or they would be connected to what is taken away."""
        stop(self.work, WORKERS)
        stop(self.work, INSTANCES)


class Confirm(RestoreStep[Work]):
    @property
    def sentence(self) -> str:
        return "Ask at the edge, as guests do, and look for every picture"

    def do(self) -> None:
        self._ask_edge()
        self._tell_missing()

    def _ask_edge(self) -> None:
        scene = self.scene
        if scene.edge(self.work.release) is None:
            scene.note("The edge cannot be asked: it is not running, or older than the probe.")
            return
        scene.until(
            lambda: (edge := scene.edge(self.work.release)) is not None and answers(edge),
            _EDGE_SECONDS,
            otherwise="Everything is healthy, but the edge does not answer as it should.",
        )

    def _tell_missing(self) -> None:
        try:
            gone = self._missing()
            if gone and self._has_copies:
                self._bring_back()
                gone = self._missing()
        except CommandFailed as failure:
            self.scene.warn(f"Pictures were not looked for. {failure.message} {failure.hint}")
            return
        for sentence in gone:
            self.scene.warn(sentence)

    def _missing(self) -> list[str]:
        return missing.look(self.scene.stack, self.scene.project(self.work.release))

    @property
    def _has_copies(self) -> bool:
        return bool(text(self.scene.values(self.work.release), "BACKUP_OBJECTS_S3_BUCKET"))

    def _bring_back(self) -> None:
        """By the newest list, which has everything that an older one had: nothing is deleted."""
        try:
            self.work.service.follow(SERVICE, "objects", "--restore")
        except CommandFailed as failure:
            self.scene.warn(f"{failure.message} {failure.hint}".rstrip())


def stop(work: Work, services: Sequence[str]) -> None:
    """All of them at once: each drains, and none of them carries the others' guests any more."""
    there = work.scene.containers()
    running = [there[name] for name in services if name in there and _is_up(there[name].status)]
    stopping = {one.service: work.scene.stack.shell.start(docker.stop(one.id)) for one in running}
    for name, process in stopping.items():
        try:
            _, complaint = process.communicate(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise ServiceFailed(f"{name} did not stop within {_STOP_SECONDS} s.") from None
        if process.returncode != 0:
            raise ServiceFailed(f"{name} was not stopped.", hint=complaint.strip())


def start(work: Work) -> None:
    scene = work.scene
    scene.stack.start(
        scene.project(work.release),
        [*INSTANCES, *WORKERS],
        seconds=max(scene.options.patience_seconds, _START_SECONDS),
        interruption=scene.interruption,
    )


def _is_up(status: str) -> bool:
    return status in {"running", "restarting", "paused"}


def steps(work: BackupWork) -> list[Step]:
    middle: list[Step] = [Migrate("migrate", work)] if work.migrates else []
    switch = Replace("replace", work) if work.backup is not None else PutBack("put-back", work)
    return [
        *(Stop("stop", work), switch, *middle),
        *(Flush("flush", work), Start("start", work), Confirm("confirm", work)),
    ]
