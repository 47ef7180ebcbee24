"""Which restore is meant: by what was typed, or by what an earlier run wrote down."""

from dataclasses import dataclass

from menuvo_ops.backups import moment as moments
from menuvo_ops.backups.moment import Moment, zone_named
from menuvo_ops.backups.records import LATEST, Backup, find
from menuvo_ops.backups.service import RECOVERY, Service
from menuvo_ops.environment import Deployment, examine
from menuvo_ops.errors import Usage
from menuvo_ops.restoring.kept import droppable_databases, kept_databases, newest_kept
from menuvo_ops.restoring.moments.clusters import (
    NOTHING,
    Clusters,
    Found,
    before,
    recovered,
    undone,
)
from menuvo_ops.restoring.moments.undertakings import OfKept, OfMoment
from menuvo_ops.restoring.moments.work import ClusterWork, Move, Recovery
from menuvo_ops.restoring.of_backup import OfBackup
from menuvo_ops.restoring.undertaking import Undertaking
from menuvo_ops.restoring.work import BackupWork
from menuvo_ops.rollout.clock import now
from menuvo_ops.rollout.journal import Entry
from menuvo_ops.rollout.scene import Scene


@dataclass(frozen=True)
class Wanted:
    """As it was typed: the name of a backup, a moment, or neither."""

    name: "str | None" = None
    at: "str | None" = None
    undoes: bool = False


@dataclass(frozen=True)
class Choice:
    """Among what the release that serves can do."""

    scene: Scene
    service: Service

    @property
    def clusters(self) -> Clusters:
        return Clusters(self.scene.stack, self.scene.project(self.scene.target))

    def look(self) -> Found:
        """A release from before whole databases could be moved has none."""
        project = self.scene.stack.with_tasks(self.scene.project(self.scene.target))
        if RECOVERY not in self.scene.stack.config_hashes(project):
            return NOTHING
        return self.clusters.look()

    def databases(self) -> frozenset[str]:
        """Those that restores kept beside the one that serves; none where nothing serves."""
        return kept_databases(self.scene) if self._serves() else frozenset()

    def droppable(self) -> frozenset[str]:
        """Those that `--forget` drops."""
        return droppable_databases(self.scene) if self._serves() else frozenset()

    def of(self, wanted: Wanted) -> Undertaking:
        """Raises Usage."""
        if wanted.at is not None:
            return self._of_moment(self._moment(wanted.at))
        databases = self.databases()
        if wanted.undoes:
            newest = self.look().newest_before
            if newest is not None and newest > newest_kept(databases):
                return self._of_kept(newest)
        backups = self.service.list_backups()
        backup = None if wanted.undoes else find(backups, wanted.name)
        return OfBackup(self._backup_work(backup, databases), backups)

    def again(self, entry: Entry) -> Undertaking:
        """What an earlier run has begun."""
        written = entry.options
        if "at" in written:
            return OfMoment(self._recovery(Move.read(written), self._moment(str(written["at"]))))
        if "incoming" in written:
            return OfKept(self._cluster_work(Move.read(written)))
        databases = frozenset(filter(None, str(written.get("kept", "")).split(",")))
        name = str(written.get("backup", ""))
        backup = self._remembered(name) if name else None
        return OfBackup(self._backup_work(backup, databases))

    def is_meant(self, wanted: Wanted, entry: Entry) -> bool:
        """Whether what was cut off is what is asked for; who names nothing means it."""
        if wanted.at is not None:
            return self._moment(wanted.at).written == entry.options.get("at")
        if "at" in entry.options:
            return wanted.name is None
        return wanted.name in {None, LATEST, entry.options.get("backup")}

    def _of_moment(self, moment: Moment) -> OfMoment:
        name = now_as_name()
        move = Move(recovered(name), before(name), was_lost=not self._serves())
        backups = self.service.list_backups()
        return OfMoment(self._recovery(move, moment), self.service.window(), self.look(), backups)

    def _of_kept(self, kept_at: str) -> OfKept:
        move = Move(before(kept_at), undone(now_as_name()), was_lost=not self._serves())
        return OfKept(self._cluster_work(move), self.service.list_backups())

    def _moment(self, typed: str) -> Moment:
        """Raises Usage."""
        values = examine(Deployment(self.scene.folder(self.scene.target)))
        return moments.parse(typed, zone_named(values["TIME_ZONE"]))

    def _recovery(self, move: Move, moment: Moment) -> Recovery:
        scene = self.scene
        return Recovery(scene, self.service, scene.target, self.clusters, move, moment)

    def _cluster_work(self, move: Move) -> ClusterWork:
        return ClusterWork(self.scene, self.service, self.scene.target, self.clusters, move)

    def _backup_work(self, backup: Backup | None, kept: frozenset[str]) -> BackupWork:
        return BackupWork(self.scene, self.service, self.scene.target, backup, kept)

    def _remembered(self, name: str) -> Backup:
        """What has taken the place already is taken back also where its backup has gone since."""
        try:
            return find(self.service.list_backups(), name)
        except Usage:
            return Backup(name, "gone")

    def _serves(self) -> bool:
        postgres = self.scene.containers().get("postgres")
        return postgres is not None and postgres.is_well


def now_as_name() -> str:
    """As the databases are named that restores keep."""
    return now()[: len("2026-11-28T06:00:00")].replace("-", "").replace(":", "") + "Z"
