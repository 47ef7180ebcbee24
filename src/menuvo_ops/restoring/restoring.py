"""A restore as a whole: planned, carried out step by step, and finished or taken back when it was
cut off."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from menuvo_ops.backups.service import RESTORE, Service
from menuvo_ops.environment.writing import provide_folder
from menuvo_ops.errors import NotReady, OpsError
from menuvo_ops.restoring.choosing import Choice, Wanted
from menuvo_ops.restoring.outcome import report
from menuvo_ops.restoring.undertaking import Undertaking
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.carrying import Carrier
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.journal import Entry, Journal, Marks
from menuvo_ops.rollout.lock import Lock
from menuvo_ops.rollout.outcome import Trouble
from menuvo_ops.rollout.plan import Changes
from menuvo_ops.rollout.preflight.problem import Problem, refusal
from menuvo_ops.rollout.probe import Probe
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.scene import Options, Scene
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.steps.step import Step
from menuvo_ops.rollout.telling import Ended, Planned, Tell


@dataclass(frozen=True)
class Restoring:
    """What all restores in one folder have in common."""

    stack: Stack
    archive: Archive
    lock: Lock
    interruption: Interruption
    tell: Tell

    @property
    def journal(self) -> Journal:
        return Journal(self.archive.journal)

    def begin(self, wanted: Wanted, options: Options, *, agrees: Callable[[], bool]) -> Ended:
        """Raises NotReady, and nothing has changed."""
        undertaking = self._choice(self._current(), options).of(wanted)
        in_the_way = undertaking.problems()
        if in_the_way:
            raise refusal(in_the_way)
        planned = undertaking.steps()
        self.tell(_plan_of(undertaking, planned))
        if not agrees():
            return Ended("declined", 1, "Nothing was changed.")
        self.interruption.check()
        number = undertaking.work.release.number
        remembered = {**undertaking.remembered, "patience_seconds": options.patience_seconds}
        self.journal.open("restore", number, number, remembered)
        return self._carry_out(undertaking, planned, marks={})

    def foresee(self, wanted: Wanted, options: Options) -> Planned:
        undertaking = self._choice(self._current(), options).of(wanted)
        return _plan_of(undertaking, undertaking.steps(), undertaking.problems())

    def is_meant(self, wanted: Wanted, entry: Entry) -> bool:
        return self._choice(self.archive.load(entry.release), Options()).is_meant(wanted, entry)

    def resume(self, entry: Entry) -> Ended:
        """Finish what an earlier run had begun; what it had begun to undo is undone."""
        if entry.is_undoing:
            return self.undo(entry)
        undertaking = self._interrupted(entry)
        return self._carry_out(undertaking, undertaking.steps(), marks=entry.steps)

    def undo(self, entry: Entry) -> Ended:
        """Take back what an earlier run had begun."""
        undertaking, began = self._interrupted(entry), time.monotonic()
        cause = OpsError(f"An earlier run was cut off at: {entry.at_step}.")
        trouble = self._carrier().take_back(undertaking.steps(), cause)
        return self._end(undertaking, trouble, seconds=time.monotonic() - began)

    def forget(self, *, agrees: Callable[[], bool], dry_run: bool) -> Ended:
        """Drop what restores kept."""
        choice = self._choice(self._current(), Options())
        databases, clusters = choice.droppable(), choice.look().kept
        sentence = "Drop every database that a restore has kept or taken away; there is no way back"
        named = f"Kept by restores: {', '.join([*sorted(databases), *clusters]) or 'none'}."
        self.tell(Planned(named, (("forget", sentence),)))
        if dry_run:
            return Ended("planned", 0, "Nothing was changed: a dry run.")
        if not agrees():
            return Ended("declined", 1, "Nothing was changed.")
        self.interruption.check()
        began, many = time.monotonic(), len(clusters)
        # The service refuses where it has none; where nobody has any, that is the answer.
        if databases or not clusters:
            dropped = choice.service.follow(RESTORE, "forget-restore")
            many += sum(1 for one in dropped if one["event"] == "restore_forgotten")
        if clusters:
            choice.clusters.drop(clusters)
        seconds = round(time.monotonic() - began, 1)
        return Ended("done", 0, f"Databases dropped: {many}.", seconds=seconds)

    def _interrupted(self, entry: Entry) -> Undertaking:
        options = Options(patience_seconds=float(entry.options.get("patience_seconds", 90.0)))
        return self._choice(self.archive.load(entry.release), options).again(entry)

    def _current(self) -> Release:
        current = self.archive.current()
        if current is None:
            raise NotReady("Nothing was deployed here yet.", hint="Run: menuvo deploy")
        return current

    def _choice(self, release: Release, options: Options) -> Choice:
        scene = Scene(
            stack=self.stack,
            archive=self.archive,
            previous=release,
            target=release,
            changed=Changes(frozenset()),
            options=options,
            interruption=self.interruption,
            tell=self.tell,
            # Nothing is served meanwhile, and that was said.
            probe=Probe(None, lambda _asked, _failed: None),
        )
        service = Service(self.stack, scene.project(release), self.tell, self.interruption)
        return Choice(scene, service)

    def _carry_out(self, undertaking: Undertaking, planned: Sequence[Step], marks: Marks) -> Ended:
        began = time.monotonic()
        trouble = self._carrier().carry(planned, marks)
        return self._end(undertaking, trouble, seconds=time.monotonic() - began)

    def _carrier(self) -> Carrier:
        return Carrier(self.journal, self.lock, self.interruption, self.tell)

    def _end(self, undertaking: Undertaking, trouble: Trouble | None, *, seconds: float) -> Ended:
        """With a way back that failed the journal stays open: the next run tries again."""
        if trouble is None or not trouble.on_the_way_back:
            entry = self.journal.read()
            opened = entry.opened_at.replace(":", "") if entry else "unknown"
            logs = self.archive.folder(undertaking.work.release.number) / "logs"
            provide_folder(logs, mode=0o700)
            self.journal.close(logs / f"restore-{opened}.jsonl")
        return report(undertaking, trouble, seconds=seconds)


def _plan_of(
    undertaking: Undertaking, planned: Sequence[Step], in_the_way: Sequence[Problem] = ()
) -> Planned:
    return Planned(
        undertaking.title(),
        tuple((one.name, one.sentence) for one in planned),
        tuple(f"- {one}" for one in in_the_way),
    )
