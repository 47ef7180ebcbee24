"""What an operator can ask for, on the server itself."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from menuvo_ops.environment import Deployment
from menuvo_ops.errors import NotReady, Usage
from menuvo_ops.rebuilding.rebuilding import Rebuilding
from menuvo_ops.restoring.restoring import Restoring
from menuvo_ops.rollout.adoption import draft_of_adoption
from menuvo_ops.rollout.archive import PROGRAM, Archive
from menuvo_ops.rollout.drafting import draft_of_deploy
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.journal import Entry, Verb
from menuvo_ops.rollout.launcher import provide_launcher
from menuvo_ops.rollout.outcome import Outcome
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.redrafting import draft_of_rollback
from menuvo_ops.rollout.rollout import Rollout
from menuvo_ops.rollout.scene import Options
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.taking import take_lock, whoever
from menuvo_ops.rollout.telling import Ended, Noted, Planned, Tell


@dataclass(frozen=True)
class Server:
    """One deployment folder, and who asks."""

    directory: Path
    tell: Tell
    interruption: Interruption
    # Asked once the plan was shown.
    agrees: Callable[[], bool]

    @property
    def archive(self) -> Archive:
        return Archive(self.directory)

    def deploy(
        self, program: Path, options: Options, *, given: Mapping[str, str], dry_run: bool
    ) -> Ended:
        """Take the release that `program` carries into service; first finish or take back what an
        earlier run had begun."""
        with self.at_work() as rollout:
            ended = self.end_earlier(
                rollout, lambda entry: self._is_of(entry, program), dry_run=dry_run
            )
            if ended is not None:
                return ended
            target = draft_of_deploy(
                rollout.stack,
                self.archive,
                program,
                given=given,
                who=whoever(),
                tell=self.tell,
                interruption=self.interruption,
            )
            return self.begin(rollout, target, "deploy", options, dry_run=dry_run)

    def roll_back(self, name: str | None, options: Options, *, dry_run: bool) -> Ended:
        """To a release of before, or out of a deploy that was cut off."""
        with self.at_work() as rollout:
            entry = self.archive.under_way()
            if entry is not None and dry_run:
                return _interrupted(entry)
            if entry is not None and self._is_way_to(entry, name) and not entry.is_undoing:
                return self._go_on(rollout, entry)
            if entry is not None:
                taken_back = self._take_back(rollout, entry)
                is_all = name is None and entry.verb != "rollback"
                if is_all or taken_back.exit_code == Outcome.PERSON_NEEDED.value:
                    return _as_wanted(taken_back)
            wanted = self._wanted(name)
            target = draft_of_rollback(
                rollout.stack, self.archive, wanted, who=whoever(), tell=self.tell
            )
            back = replace(options, soak_seconds=0.0, repair=True)
            return self.begin(rollout, target, "rollback", back, dry_run=dry_run)

    def adopt(self, program: Path) -> Release:
        """Write down what runs as a release, whoever started it."""
        with self.at_work() as rollout:
            if self.archive.under_way() is not None:
                raise NotReady("A deploy was cut off here.", hint="End it first: menuvo rollback")
            release = draft_of_adoption(rollout.stack, self.archive, program, who=whoever())
            self.archive.admit(release)
            self.archive.make_current(release.number)
            provide_launcher(self.archive)
            return release

    def end_earlier(
        self, rollout: Rollout, is_asked_for: Callable[[Entry], bool], *, dry_run: bool
    ) -> Ended | None:
        """How it ended, where it was cut off and is the very thing that is asked for, or where
        nothing may follow; None where something else was cut off, which is taken back."""
        entry = self.archive.under_way()
        if entry is None:
            return None
        if dry_run:
            return _interrupted(entry)
        if is_asked_for(entry) and not entry.is_undoing:
            return self._go_on(rollout, entry)
        taken_back = self._take_back(rollout, entry)
        return taken_back if taken_back.exit_code == Outcome.PERSON_NEEDED.value else None

    def _go_on(self, rollout: Rollout, entry: Entry) -> Ended:
        cut_off = f"cut off at: {entry.at_step}"
        self.tell(Noted(f"Going on with release {entry.release}, {cut_off}."))
        return rollout.resume(entry)

    def _take_back(self, rollout: Rollout, entry: Entry) -> Ended:
        cut_off = f"cut off at: {entry.at_step}"
        self.tell(Noted(f"Taking back the {entry.told}, {cut_off}."))
        taken_back = self._undoing(rollout, entry).undo(entry)
        self.interruption.heed()
        return taken_back

    def begin(
        self, rollout: Rollout, target: Release, verb: Verb, options: Options, *, dry_run: bool
    ) -> Ended:
        if dry_run:
            planned = rollout.foresee(target, verb, options)
            self.tell(planned)
            return _dry(planned)
        return rollout.begin(target, verb, options, agrees=self.agrees)

    def _undoing(self, rollout: Rollout, entry: Entry) -> Rollout | Restoring | Rebuilding:
        """What was cut off is taken back before anything else, whatever it was."""
        kinds = {"restore": Restoring, "rebuild": Rebuilding}
        if entry.verb not in kinds:
            return rollout
        return kinds[entry.verb](
            rollout.stack, rollout.archive, rollout.lock, rollout.interruption, rollout.tell
        )

    def _wanted(self, name: str | None) -> Release:
        if name is not None:
            return self.archive.find(name)
        current = self.archive.serving()
        before = self.archive.before(current)
        if before is None:
            raise Usage(
                f"Before release {current.name} there was none to go back to.",
                hint="menuvo releases lists what there is.",
            )
        return before

    def _is_of(self, entry: Entry, program: Path) -> bool:
        """Whether what was cut off is the very release that is asked for."""
        theirs = self.archive.folder(entry.release) / PROGRAM
        return (
            entry.verb == "deploy"
            and theirs.is_file()
            and theirs.read_bytes() == program.read_bytes()
        )

    def _is_way_to(self, entry: Entry, name: str | None) -> bool:
        """Whether what was cut off is the very rollback that is asked for."""
        if entry.verb != "rollback" or name is None:
            return entry.verb == "rollback"
        wanted = self.archive.find(name)
        return self.archive.load(entry.release).restores == (wanted.restores or wanted.number)

    @contextmanager
    def at_work(self) -> Generator[Rollout]:
        """Nobody else is, meanwhile."""
        if not self.directory.is_dir():
            raise Usage(f"There is no folder {self.directory}.", hint="Name it with --directory.")
        self.archive.provide()
        with take_lock(self.archive, self.tell, self.interruption) as lock:
            stack = Stack(Deployment(self.directory))
            stack.shell.kept = (lock.descriptor,)
            try:
                yield Rollout(stack, self.archive, lock, self.interruption, self.tell)
            finally:
                # What was not admitted is no release, and it holds secrets.
                self.archive.discard_draft()


def _interrupted(entry: Entry) -> Ended:
    """What a dry run has to say of it."""
    return Ended(
        "interrupted",
        1,
        f"The {entry.told} was cut off at: {entry.at_step}.",
        entry.what_to_do,
    )


def _as_wanted(ended: Ended) -> Ended:
    """To have come back is what was asked for."""
    came_back = {Outcome.ROLLED_BACK.value, Outcome.SERVING_AS_BEFORE.value}
    if ended.exit_code not in came_back:
        return ended
    serves = (
        f"release {ended.release} ({ended.version}) serves" if ended.release else "nothing runs"
    )
    sentence = f"Taken back: {serves}."
    return replace(ended, outcome="done", exit_code=0, sentence=sentence)


def _dry(planned: Planned) -> Ended:
    return Ended("planned", 1 if planned.is_blocked else 0, "Nothing was changed: a dry run.")
