"""`menuvo drill`, on the server itself."""

import time
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.backups.service import Service
from menuvo_ops.backups.showing import span
from menuvo_ops.backups.verbs import Backups, require_memory
from menuvo_ops.drilling.remembered import Drill, read, remember
from menuvo_ops.drilling.trials import TRIALS
from menuvo_ops.environment import Deployment, examine
from menuvo_ops.errors import CommandFailed
from menuvo_ops.restoring import missing
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.clock import now
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.telling import Drilled, Ended, Noted, Tell


@dataclass(frozen=True)
class Drills:
    """Of one deployment folder, and who asks."""

    directory: Path
    tell: Tell
    interruption: Interruption

    def drill(self, *, only_if_due: bool) -> Ended:
        """Raises CommandFailed when nothing could be brought back, which is remembered too.

        Whatever keeps it from being tried - another one at work, too little memory - is no outcome.
        """
        archive, began = Archive(self.directory), time.monotonic()
        with Backups(self.directory, self.tell, self.interruption).alone("a drill") as service:
            last = read(archive)
            if only_if_due and last is not None and not last.is_due:
                return Ended("done", 0, f"Nothing is due: the last drill was good, {last.at}.")
            require_memory()
            values = examine(Deployment(archive.folder(archive.serving().number))).values
            try:
                results = [done for trial in TRIALS if (done := trial(service, values)) is not None]
            except CommandFailed as failure:
                remember(archive, Drill(now(), "failed", failure.message))
                service.tell_drilled("failed")
                raise
            self._tell_missing(service)
            remember(archive, Drill(now(), "good"), results)
            service.tell_drilled("good")
        for result in results:
            self.tell(result)
        sentence = " ".join(map(_worded, results))
        return Ended("done", 0, sentence, seconds=round(time.monotonic() - began, 1))

    def _tell_missing(self, service: Service) -> None:
        """What a backup does not have: whoever restores it finds today's pictures, or none."""
        try:
            for sentence in missing.look(service.stack, service.project):
                self.tell(Noted(sentence, is_warning=True))
        except CommandFailed as failure:
            told = f"Pictures were not looked for. {failure.message} {failure.hint}"
            self.tell(Noted(told, is_warning=True))


def _worded(result: Drilled) -> str:
    fetched, restored = result.fetch_seconds, result.restore_seconds
    if result.rows is None:
        return (
            f"The database of five minutes ago came back from the archive in"
            f" {fetched + restored:.0f} s ({fetched:.1f} to fetch, {restored:.1f} to recover),"
            f" its last commit {result.lag_seconds or 0:.0f} s before that; tables and indexes by"
            f" amcheck: {result.amcheck}."
        )
    return (
        f"A restore today would bring back {result.rows:,} rows as they were"
        f" {span(result.age_seconds)} ago (backup {result.backup}), in {fetched + restored:.0f} s:"
        f" {fetched:.1f} to fetch, {restored:.1f} to restore."
    )
