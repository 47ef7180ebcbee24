"""What an operator can ask about rebuilding, on the new server itself."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.environment import Deployment
from menuvo_ops.errors import NotReady
from menuvo_ops.rebuilding.rebuilding import Rebuilding, Wanted
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.journal import Entry
from menuvo_ops.rollout.outcome import Outcome
from menuvo_ops.rollout.scene import Options
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.taking import take_lock
from menuvo_ops.rollout.telling import Ended, Noted, Tell

_TOUCHED = "A line of the recovery file is another one than was written: meant, or copied wrongly?"


@dataclass(frozen=True)
class Rebuilds:
    """Of one folder, and who asks."""

    directory: Path
    tell: Tell
    interruption: Interruption
    # Asked once the plan was shown.
    agrees: Callable[[], bool]

    def rebuild(self, wanted: Wanted, options: Options, *, dry_run: bool) -> Ended:
        """First finish, or take back, what an earlier run had begun."""
        with self._alone() as rebuilding:
            entry = rebuilding.archive.under_way()
            if entry is not None:
                _require_rebuild(entry)
                if dry_run:
                    told = f"The {entry.told} was cut off at: {entry.at_step}."
                    return Ended("interrupted", 1, told, entry.what_to_do)
                if rebuilding.is_meant(wanted, entry) and not entry.is_undoing:
                    self.tell(Noted(f"Going on with the {entry.told}, at: {entry.at_step}."))
                    return rebuilding.resume(entry)
                taken_back = rebuilding.undo(entry)
                self.interruption.heed()
                if taken_back.exit_code == Outcome.PERSON_NEEDED.value:
                    return taken_back
            if not wanted.recovery.is_untouched:
                self.tell(Noted(_TOUCHED, is_warning=True))
            if dry_run:
                planned = rebuilding.foresee(wanted, options)
                self.tell(planned)
                code = 1 if planned.is_blocked else 0
                return Ended("planned", code, "Nothing was changed: a dry run.")
            return rebuilding.begin(wanted, options, agrees=self.agrees)

    @contextmanager
    def _alone(self) -> Generator[Rebuilding]:
        archive = Archive(self.directory)
        archive.provide()
        with take_lock(archive, self.tell, self.interruption) as lock:
            stack = Stack(Deployment(self.directory))
            stack.shell.kept = (lock.descriptor,)
            try:
                yield Rebuilding(stack, archive, lock, self.interruption, self.tell)
            finally:
                # What was not admitted is no release, and it holds secrets.
                archive.discard_draft()


def _require_rebuild(entry: Entry) -> None:
    if entry.verb != "rebuild":
        raise NotReady(f"A {entry.told} was cut off here.", hint=entry.what_to_do)
