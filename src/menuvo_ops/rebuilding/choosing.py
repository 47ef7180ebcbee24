"""What is brought back: by what was typed and what the bucket has, or by what an earlier run wrote
down."""

from dataclasses import dataclass
from datetime import tzinfo

from menuvo_ops.backups import moment as moments
from menuvo_ops.backups.moment import Moment, read_aloud, zone_named
from menuvo_ops.backups.records import LATEST, Backup
from menuvo_ops.backups.service import Service
from menuvo_ops.environment import Deployment, examine
from menuvo_ops.rebuilding.bucket import Holdings, choose
from menuvo_ops.rebuilding.of_backup import OfBackup
from menuvo_ops.rebuilding.of_moment import OfMoment
from menuvo_ops.rebuilding.origin import Origin
from menuvo_ops.restoring.choosing import now_as_name
from menuvo_ops.restoring.moments.clusters import Clusters, before, recovered
from menuvo_ops.restoring.moments.work import Move, Recovery
from menuvo_ops.restoring.work import BackupWork
from menuvo_ops.rollout.journal import Entry
from menuvo_ops.rollout.scene import Scene


@dataclass(frozen=True)
class Choice:
    scene: Scene
    # As they were typed: the name of a backup, a moment, or neither.
    backup: "str | None" = None
    at: "str | None" = None

    def among(self, holdings: Holdings) -> Origin:
        """Where nothing is named, whatever is newer: nothing that the bucket has may be lost.

        Raises NotReady where nothing fits, and Usage for what is no moment.
        """
        if self.at is not None:
            return self._of_moment(self._moment(self.at), holdings)
        if self.backup is None and _leads_further(holdings):
            return self._of_moment(Moment(None, self._zone), holdings)
        backup = choose(holdings.backups, self.backup)
        return OfBackup(self._backup_work(backup), backup, self._why(holdings))

    def again(self, entry: Entry) -> Origin:
        """What an earlier run has begun."""
        written = entry.options
        if "at" in written:
            return OfMoment(self._recovery(Move.read(written), self._moment(str(written["at"]))))
        backup = Backup(str(written["backup"]), "good")
        return OfBackup(self._backup_work(backup), backup)

    def is_of(self, entry: Entry) -> bool:
        """Whether what was cut off is what is asked for; who names nothing means it."""
        if self.at is not None:
            return self._moment(self.at).written == entry.options.get("at")
        if self.backup == LATEST:
            return "backup" in entry.options
        return self.backup in {None, entry.options.get("backup")}

    @property
    def _zone(self) -> tzinfo:
        return zone_named(examine(Deployment(self.scene.folder(self.scene.target)))["TIME_ZONE"])

    def _moment(self, typed: str) -> Moment:
        return moments.parse(typed, self._zone)

    def _of_moment(self, moment: Moment, holdings: Holdings) -> OfMoment:
        name = now_as_name()
        move = Move(recovered(name), before(name), was_lost=True)
        return OfMoment(self._recovery(move, moment), holdings.window)

    def _why(self, holdings: Holdings) -> str:
        if self.backup is not None:
            return ""
        end = holdings.window.end
        if end is None:
            return f"The archive leads to no moment: {holdings.window.state}"
        return f"It is newer than the end of the archive, {read_aloud(end, self._zone)}."

    def _recovery(self, move: Move, moment: Moment) -> Recovery:
        scene = self.scene
        clusters = Clusters(scene.stack, scene.project(scene.target))
        return Recovery(scene, self._service, scene.target, clusters, move, moment)

    def _backup_work(self, backup: Backup) -> BackupWork:
        return BackupWork(self.scene, self._service, self.scene.target, backup)

    @property
    def _service(self) -> Service:
        scene = self.scene
        return Service(scene.stack, scene.project(scene.target), scene.tell, scene.interruption)


def _leads_further(holdings: Holdings) -> bool:
    """Than the newest backup."""
    end, newest = holdings.window.end, holdings.newest
    return end is not None and (newest is None or end >= newest.began)
