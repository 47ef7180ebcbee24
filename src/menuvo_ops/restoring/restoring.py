"""A restore as a whole: planned, carried out step by step, and finished or taken back when it was
cut off."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from menuvo_ops.backups.records import Backup, find
from menuvo_ops.backups.service import RESTORE, Service
from menuvo_ops.environment.writing import provide_folder
from menuvo_ops.errors import NotReady, OpsError, Usage
from menuvo_ops.restoring.kept import count_orders_since, kept_databases
from menuvo_ops.restoring.outcome import report
from menuvo_ops.restoring.preflight import problems
from menuvo_ops.restoring.steps import steps
from menuvo_ops.restoring.work import Work, loss, silence
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.carrying import Carrier
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.journal import Entry, Journal, Marks
from menuvo_ops.rollout.lock import Lock
from menuvo_ops.rollout.outcome import Trouble
from menuvo_ops.rollout.plan import Changes
from menuvo_ops.rollout.preflight.problem import Problem
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

    def begin(
        self, name: str | None, options: Options, *, undoes: bool, agrees: Callable[[], bool]
    ) -> Ended:
        """Raises NotReady, and nothing has changed."""
        work, in_the_way = self._prepared(name, options, undoes=undoes)
        if in_the_way:
            told = "\n".join(f"- {problem}" for problem in in_the_way)
            raise NotReady(f"Nothing was changed, because:\n{told}")
        planned = steps(work)
        self.tell(_plan_of(work, planned))
        if not agrees():
            return Ended("declined", 1, "Nothing was changed.")
        self.interruption.check()
        self.journal.open(
            "restore",
            work.release.number,
            work.release.number,
            {
                "backup": work.backup.id if work.backup else "",
                "kept": ",".join(sorted(work.kept)),
                "patience_seconds": options.patience_seconds,
            },
        )
        return self._carry_out(work, planned, marks={})

    def foresee(self, name: str | None, options: Options, *, undoes: bool) -> Planned:
        work, in_the_way = self._prepared(name, options, undoes=undoes)
        return _plan_of(work, steps(work), in_the_way)

    def resume(self, entry: Entry) -> Ended:
        """Finish what an earlier run had begun; what it had begun to undo is undone."""
        if entry.is_undoing:
            return self.undo(entry)
        work = self._interrupted(entry)
        return self._carry_out(work, steps(work), marks=entry.steps)

    def undo(self, entry: Entry) -> Ended:
        """Take back what an earlier run had begun."""
        work, began = self._interrupted(entry), time.monotonic()
        carrier = Carrier(self.journal, self.lock, self.interruption, self.tell)
        cause = OpsError(f"An earlier run was cut off at: {entry.at_step}.")
        trouble = self._go_back(steps(work), carrier, cause)
        return self._end(work, trouble, seconds=time.monotonic() - began)

    def forget(self, *, agrees: Callable[[], bool], dry_run: bool) -> Ended:
        """Drop what restores kept."""
        work = self._work(self._current(), Options())
        kept = kept_databases(work.scene)
        sentence = "Drop every database that a restore has kept or taken away; there is no way back"
        named = f"Kept by restores: {', '.join(sorted(kept)) or 'none'}."
        self.tell(Planned(named, (("forget", sentence),)))
        if dry_run:
            return Ended("planned", 0, "Nothing was changed: a dry run.")
        if not agrees():
            return Ended("declined", 1, "Nothing was changed.")
        self.interruption.check()
        began = time.monotonic()
        dropped = work.service.follow(RESTORE, "forget-restore")
        many = sum(1 for one in dropped if one["event"] == "restore_forgotten")
        seconds = round(time.monotonic() - began, 1)
        return Ended("done", 0, f"Databases dropped: {many}.", seconds=seconds)

    def _prepared(
        self, name: str | None, options: Options, *, undoes: bool
    ) -> tuple[Work, list[Problem]]:
        work = self._work(self._current(), options)
        backups = work.service.list_backups()
        if not undoes:
            work.backup = find(backups, name)
        postgres = work.scene.containers().get("postgres")
        if postgres is not None and postgres.is_well:
            work.kept = kept_databases(work.scene)
        return work, problems(work, backups)

    def _interrupted(self, entry: Entry) -> Work:
        options = Options(patience_seconds=float(entry.options.get("patience_seconds", 90.0)))
        work = self._work(self.archive.load(entry.release), options)
        work.kept = frozenset(filter(None, str(entry.options.get("kept", "")).split(",")))
        name = str(entry.options.get("backup", ""))
        if name:
            work.backup = self._remembered(work, name)
        return work

    def _remembered(self, work: Work, name: str) -> Backup:
        """What has taken the place already is taken back also where its backup has gone since."""
        try:
            return find(work.service.list_backups(), name)
        except Usage:
            return Backup(name, "gone")

    def _current(self) -> Release:
        current = self.archive.current()
        if current is None:
            raise NotReady("Nothing was deployed here yet.", hint="Run: menuvo deploy")
        return current

    def _work(self, release: Release, options: Options) -> Work:
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
        return Work(scene, service, release, backup=None)

    def _carry_out(self, work: Work, planned: Sequence[Step], marks: Marks) -> Ended:
        carrier = Carrier(self.journal, self.lock, self.interruption, self.tell)
        began, trouble = time.monotonic(), None
        try:
            carrier.forward(planned, marks)
        except OpsError as error:
            trouble = self._go_back(planned, carrier, error)
        return self._end(work, trouble, seconds=time.monotonic() - began)

    def _go_back(self, planned: Sequence[Step], carrier: Carrier, cause: OpsError) -> Trouble:
        entry = self.journal.read()
        marks: Marks = entry.steps if entry else {}
        switched = any(one.switches and one.name in marks for one in planned)
        failed = carrier.back(planned, marks)
        return Trouble(cause, tuple(failed), had_switched=switched)

    def _end(self, work: Work, trouble: Trouble | None, *, seconds: float) -> Ended:
        """With a way back that failed the journal stays open: the next run tries again."""
        if trouble is None or not trouble.on_the_way_back:
            entry = self.journal.read()
            opened = entry.opened_at.replace(":", "") if entry else "unknown"
            logs = self.archive.folder(work.release.number) / "logs"
            provide_folder(logs, mode=0o700)
            self.journal.close(logs / f"restore-{opened}.jsonl")
        return report(work, trouble, seconds=seconds)


def _plan_of(work: Work, planned: Sequence[Step], in_the_way: Sequence[Problem] = ()) -> Planned:
    orders = None
    if work.backup is not None:
        orders = count_orders_since(work.scene, work.backup.began.isoformat())
    title = (
        f"Release {work.release.name} goes on, with {work.told}. {silence(work.backup)}"
        f" {loss(work.backup, orders)}"
    )
    return Planned(
        title,
        tuple((one.name, one.sentence) for one in planned),
        tuple(f"- {one}" for one in in_the_way),
    )
