"""What an operator can ask about restores, on the server itself."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.environment import Deployment
from menuvo_ops.errors import NotReady
from menuvo_ops.restoring.choosing import Wanted
from menuvo_ops.restoring.restoring import Restoring
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.journal import Entry
from menuvo_ops.rollout.outcome import Outcome
from menuvo_ops.rollout.scene import Options
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.taking import take_lock
from menuvo_ops.rollout.telling import Ended, Noted, Tell


@dataclass(frozen=True)
class Restores:
    """Of one deployment folder, and who asks."""

    directory: Path
    tell: Tell
    interruption: Interruption
    # Asked once the plan was shown.
    agrees: Callable[[], bool]

    def restore(self, wanted: Wanted, options: Options, *, dry_run: bool) -> Ended:
        """Put what is wanted in the database's place; first finish or take back what an earlier
        run had begun."""
        with self._alone() as restoring:
            entry = restoring.archive.under_way()
            if entry is not None:
                _require_restore(entry)
                if dry_run:
                    told = f"The {entry.told} was cut off at: {entry.at_step}."
                    return Ended("interrupted", 1, told, entry.what_to_do)
                if wanted.undoes or entry.is_undoing:
                    return self._taken_back(restoring, entry)
                if restoring.is_meant(wanted, entry):
                    self.tell(Noted(f"Going on with the {entry.told}."))
                    return restoring.resume(entry)
                taken_back = self._taken_back(restoring, entry)
                if taken_back.exit_code == Outcome.PERSON_NEEDED.value:
                    return taken_back
            if dry_run:
                planned = restoring.foresee(wanted, options)
                self.tell(planned)
                code = 1 if planned.is_blocked else 0
                return Ended("planned", code, "Nothing was changed: a dry run.")
            return restoring.begin(wanted, options, agrees=self.agrees)

    def forget(self, *, dry_run: bool) -> Ended:
        with self._alone() as restoring:
            entry = restoring.archive.under_way()
            if entry is not None:
                raise NotReady(f"A {entry.told} was cut off here.", hint=entry.what_to_do)
            return restoring.forget(agrees=self.agrees, dry_run=dry_run)

    def _taken_back(self, restoring: Restoring, entry: Entry) -> Ended:
        self.tell(Noted(f"Taking back the {entry.told}, cut off at: {entry.at_step}."))
        taken_back = restoring.undo(entry)
        self.interruption.heed()
        return taken_back

    @contextmanager
    def _alone(self) -> Generator[Restoring]:
        archive = Archive(self.directory)
        archive.provide()
        with take_lock(archive, self.tell, self.interruption) as lock:
            stack = Stack(Deployment(self.directory))
            stack.shell.kept = (lock.descriptor,)
            yield Restoring(stack, archive, lock, self.interruption, self.tell)


def _require_restore(entry: Entry) -> None:
    if entry.verb != "restore":
        raise NotReady(f"A {entry.told} was cut off here.", hint=entry.what_to_do)
