"""A restore as a whole: planned, agreed to, carried out, and taken back where a step fails."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from menuvo_ops.backups.records import LATEST, find
from menuvo_ops.backups.service import RESTORE
from menuvo_ops.errors import NotReady, OpsError
from menuvo_ops.operations.embedded.backups.cut_off import CutOff, close, settle
from menuvo_ops.operations.embedded.backups.ground import Ground
from menuvo_ops.operations.embedded.backups.outcome import report
from menuvo_ops.operations.embedded.backups.steps import RestoreStep, steps
from menuvo_ops.operations.embedded.backups.work import (
    Work,
    kept_databases,
    problems,
    title,
    utc_now,
)
from menuvo_ops.rollout.carrying import Carrier
from menuvo_ops.rollout.journal import Entry, Journal
from menuvo_ops.rollout.lock import Lock
from menuvo_ops.rollout.outcome import Trouble
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.telling import Ended, Planned

_UNCHANGED = "Nothing was changed."


@dataclass(frozen=True)
class Restoring:
    ground: Ground
    lock: Lock
    # Asked once the plan was shown.
    agrees: Callable[[], bool]

    @property
    def journal(self) -> Journal:
        return Journal(self.ground.clone.restore)

    def restore(self, name: str | None, *, undoes: bool, is_dry: bool) -> Ended:
        """Raises OpsError where nothing could be begun."""
        entry = self.journal.read()
        if entry is not None and is_dry:
            return _cut_off(entry)
        self.lock.note("looking at what is there")
        done = settle(self.ground)
        if done is not None and done.has_switched and _is_wanted(done, name, undoes=undoes):
            told = f"Backup {done.backup}" if done.backup else "The database of before"
            return Ended("done", 0, f"{told} serves already.", _keeps(undoes=undoes))
        work, in_the_way = self._prepared(name, undoes=undoes)
        planned = steps(work)
        plan = Planned(
            title(work, utc_now()),
            tuple((one.name, one.sentence) for one in planned),
            tuple(f"- {problem}" for problem in in_the_way),
        )
        if in_the_way and not is_dry:
            raise NotReady("\n".join(("Nothing was changed, because:", *plan.problems)))
        self.ground.tell(plan)
        if is_dry:
            code = 1 if plan.is_blocked else 0
            return Ended("planned", code, "Nothing was changed: a dry run.")
        if not self.agrees():
            return Ended("declined", 1, _UNCHANGED)
        self.ground.interruption.check()
        kept = ",".join(sorted(work.kept))
        backup = work.backup.id if work.backup else ""
        self.journal.open("restore", 0, None, {"backup": backup, "kept": kept})
        return self._carry_out(work, planned)

    def forget(self, *, is_dry: bool) -> Ended:
        """Drop what restores kept."""
        if not is_dry:
            settle(self.ground)
        kept = kept_databases(self.ground)
        if not kept:
            raise NotReady("No restore kept a database.", hint=_UNCHANGED)
        sentence = "Drop every database that a restore has kept; there is no way back"
        self.ground.tell(
            Planned(f"Kept by restores: {', '.join(sorted(kept))}.", (("forget", sentence),))
        )
        if is_dry:
            return Ended("planned", 0, "Nothing was changed: a dry run.")
        if not self.agrees():
            return Ended("declined", 1, _UNCHANGED)
        self.ground.interruption.check()
        began = time.monotonic()
        self.ground.follow(RESTORE, "forget-restore")
        seconds = round(time.monotonic() - began, 1)
        return Ended("done", 0, f"Databases dropped: {len(kept)}.", seconds=seconds)

    def _prepared(self, name: str | None, *, undoes: bool) -> tuple[Work, list[Problem]]:
        backups = self.ground.list_backups()
        backup = None if undoes else find(backups, name)
        work = Work(self.ground, backup, kept_databases(self.ground))
        return work, list(problems(work, backups))

    def _carry_out(self, work: Work, planned: Sequence[RestoreStep]) -> Ended:
        ground = self.ground
        carrier = Carrier(self.journal, self.lock, ground.interruption, ground.tell)
        began, trouble = time.monotonic(), None
        try:
            carrier.forward(planned, {})
        except OpsError as error:
            entry = self.journal.read()
            failed = carrier.back(planned, entry.steps if entry else {})
            trouble = Trouble(error, tuple(failed), had_switched=True)
        if trouble is None or not trouble.on_the_way_back:
            # With a way back that failed the journal stays: the next command settles it.
            close(ground.clone, self.journal)
        return report(work, trouble, seconds=time.monotonic() - began)


def _is_wanted(done: CutOff, name: str | None, *, undoes: bool) -> bool:
    if undoes:
        return not done.backup
    return bool(done.backup) and name in {None, LATEST, done.backup}


def _keeps(*, undoes: bool) -> str:
    kept = "what had been restored" if undoes else "what it took the place of"
    return f"Kept beside it is {kept}: ./menuvo restore --forget drops it."


def _cut_off(entry: Entry) -> Ended:
    return Ended(
        "interrupted",
        1,
        f"The {entry.told} was cut off at: {entry.at_step}.",
        "./menuvo restore says what came of it, and goes on from there.",
    )
