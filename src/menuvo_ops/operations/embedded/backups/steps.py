"""The steps of a restore here. Each knows the way back."""

from menuvo_ops.backups.service import RESTORE
from menuvo_ops.commands import platform
from menuvo_ops.errors import CommandFailed, ServiceFailed
from menuvo_ops.local.demo import read_demo
from menuvo_ops.local.probes import HttpProbe, wait_until_healthy
from menuvo_ops.operations.embedded.backups.ground import Ground
from menuvo_ops.operations.embedded.backups.work import Work
from menuvo_ops.restoring import missing
from menuvo_ops.rollout.shell import Shell
from menuvo_ops.rollout.telling import Noted

_MIGRATION_SECONDS = 3600
_EDGE_SECONDS = 30


class RestoreStep:
    name: str
    sentence: str
    can_undo: bool = False

    def __init__(self, work: Work) -> None:
        self.work: Work = work

    def do(self) -> None:
        raise NotImplementedError

    def undo(self) -> None:
        """Only asked of what says that it can."""
        raise NotImplementedError


class Stop(RestoreStep):
    name: str = "stop"
    sentence: str = "Stop instances and workers: each finishes what it has in hand"
    can_undo: bool = True

    def do(self) -> None:
        self.work.hold()

    def undo(self) -> None:
        self.work.let_go()


class Replace(RestoreStep):
    name: str = "replace"
    can_undo: bool = True

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.sentence: str = f"Put {work.told} in place, and keep today's"

    def do(self) -> None:
        backup = self.work.backup
        assert backup is not None  # noqa: S101, the plan sees to it
        self.work.ground.follow(RESTORE, "restore", backup.id)

    def undo(self) -> None:
        """Only what this restore has kept comes back, and never what an earlier one had."""
        if self.work.has_switched:
            self.work.hold()
            self.work.ground.follow(RESTORE, "undo-restore")


class PutBack(RestoreStep):
    """Its way back is the same way: what was taken away is kept."""

    name: str = "put-back"

    sentence: str = "Put back the database that was kept, and keep today's"

    def do(self) -> None:
        self.work.ground.follow(RESTORE, "undo-restore")


class Migrate(RestoreStep):
    """By this checkout, before anything sees it: what fails here is taken back."""

    name: str = "migrate"
    sentence: str = "Bring it to this checkout's schema, where it is older"

    def do(self) -> None:
        ground = self.work.ground
        argv = platform.migrate(ground.stack.programs.platform)
        try:
            told = _as_owner(ground).run(
                argv,
                what="Migrating",
                seconds=_MIGRATION_SECONDS,
                interruption=ground.interruption,
            )
        except CommandFailed as failure:
            raise ServiceFailed(
                "What was restored cannot be brought to the schema of this checkout.",
                hint=failure.hint,
            ) from failure
        for line in told.splitlines():
            ground.tell(Noted(line))


class Start(RestoreStep):
    """The supervisor empties Redis first, which remembers the other database."""

    name: str = "start"
    sentence: str = "Empty Redis, and start everything again"
    can_undo: bool = True

    def do(self) -> None:
        self.work.let_go()

    def undo(self) -> None:
        """Or they would be connected to what is taken away."""
        self.work.hold()


class Confirm(RestoreStep):
    name: str = "confirm"
    sentence: str = "Read the menu, as guests do"

    def do(self) -> None:
        ground = self.work.ground
        demo = read_demo(ground.clone.demo)
        probe = HttpProbe(ground.stack.address.port, demo.menu_path if demo else "/ready")
        if not wait_until_healthy(probe, still_running=lambda: True, patience=_EDGE_SECONDS):
            raise ServiceFailed(
                f"Everything is healthy, but {ground.stack.address.base_url}{probe.path} does not"
                " answer as it should.",
                hint="See: ./menuvo logs platform-a",
            )
        _tell_missing(ground)


def _tell_missing(ground: Ground) -> None:
    program = str(ground.stack.programs.platform)
    argv = [program, *missing.ARGV[1:]]
    try:
        printed = _as_owner(ground).run(argv, what="Looking for pictures", seconds=missing.SECONDS)
    except CommandFailed as failure:
        ground.tell(Noted(f"{failure.message} {failure.hint}", is_warning=True))
        return
    for sentence in missing.sentences(printed, where="on this disk"):
        ground.tell(Noted(sentence, is_warning=True))


def _as_owner(ground: Ground) -> Shell:
    return Shell({**ground.stack.inherited(), **ground.stack.owner}, ground.kept)


def steps(work: Work) -> list[RestoreStep]:
    switch = Replace(work) if work.backup is not None else PutBack(work)
    return [Stop(work), switch, Migrate(work), Start(work), Confirm(work)]
