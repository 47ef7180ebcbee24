"""The steps of bringing a whole database into the place of the one that serves. Each may be done
again, and each knows the way back."""

from menuvo_ops.backups.events import last_commit, recovered_head
from menuvo_ops.backups.service import RECOVERY, SERVICE
from menuvo_ops.commands import compose
from menuvo_ops.errors import CommandFailed, ServiceFailed
from menuvo_ops.restoring.kept import count_orders_since
from menuvo_ops.restoring.moments.work import ClusterWork, Recovery
from menuvo_ops.restoring.steps import Confirm, Flush, Migrate, RestoreStep, Start, start, stop
from menuvo_ops.restoring.work import (
    Work,
    known_releases,
    lost_orders,
    schema_remedy,
    schema_trouble,
)
from menuvo_ops.rollout.database import revision
from menuvo_ops.rollout.logins import renew
from menuvo_ops.rollout.plan import INSTANCES, WORKERS
from menuvo_ops.rollout.steps.step import Step

# Where the task sees the folder of the volume that it may write to.
_INTO = "/var/lib/menuvo/recovered"
_POSTGRES_SECONDS = 300


class Recover(RestoreStep[Recovery]):
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return f"Recover {self.work.told} beside what is there, and check it"

    def do(self) -> None:
        work = self.work
        work.service.end_leftovers()
        work.clusters.make_room()
        wanted = ["--at", work.moment.written] if work.moment.at else ["--latest"]
        heard = work.service.follow(
            RECOVERY, "recover", *wanted, "--into", f"{_INTO}/{work.move.incoming.split('/')[1]}"
        )
        self._require_fit(recovered_head(heard))
        work.last_commit = last_commit(heard)
        work.clusters.own(work.move.incoming)

    def undo(self) -> None:
        self.work.service.end_leftovers()
        self.work.clusters.drop(["recovered"])

    def remedy(self, head: str) -> str:
        """Where the release cannot run on it."""
        return schema_remedy(head, self.work.release, known_releases(self.scene), ())

    def _require_fit(self, head: str) -> None:
        """Raises ServiceFailed."""
        told = schema_trouble(head, self.work.release, known_releases(self.scene))
        if told:
            raise ServiceFailed(f"{told}.", hint=self.remedy(head))


class StopAll(RestoreStep[ClusterWork]):
    """Guests are served as long as there is something to serve from."""

    switches: bool = True
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return "Stop the workers, both instances, the archive and PostgreSQL, each in its time"

    def do(self) -> None:
        stop(self.work, WORKERS)
        stop(self.work, INSTANCES)
        self._tell_loss()
        stop(self.work, (SERVICE, "postgres"))

    def undo(self) -> None:
        work = self.work
        if work.move.was_lost and work.move.incoming in work.clusters.look().places:
            self.scene.warn("PostgreSQL did not serve before either, so nothing was started.")
        else:
            start_all(work)

    def _tell_loss(self) -> None:
        """Nobody orders any more, so this is what it comes to."""
        work = self.work
        if isinstance(work, Recovery) and work.moment.at and not work.move.was_lost:
            orders = count_orders_since(self.scene, work.moment.at.isoformat())
            self.scene.note(lost_orders(orders, since="since that moment"))


class Exchange(RestoreStep[ClusterWork]):
    switches: bool = True

    def __init__(self, name: str, work: ClusterWork) -> None:
        super().__init__(name, work)
        self.can_undo: bool = not work.move.was_lost

    @property
    def sentence(self) -> str:
        kept = "what is left of today's" if self.work.move.was_lost else "today's"
        return f"Put {self.work.told} in its place, and keep {kept} beside it"

    def do(self) -> None:
        """Files are never moved under a PostgreSQL that somebody has started meanwhile."""
        stop_all(self.work)
        self.work.clusters.exchange(self.work.move.incoming, self.work.move.outgoing)

    def undo(self) -> None:
        """After a way back that failed everything may run already, on what is now taken away."""
        stop_all(self.work)
        self.work.clusters.exchange(self.work.move.outgoing, self.work.move.incoming)
        start_all(self.work)


class StartDatabase(RestoreStep[ClusterWork]):
    @property
    def sentence(self) -> str:
        return "Start PostgreSQL on it, with today's passwords"

    def do(self) -> None:
        start_database(self.work)
        renew(self.scene, self.work.release)


class MigrateOlder(Migrate):
    """What is recovered may be ahead of the release: then it stays, since the release can live
    with it and has no step for it."""

    def do(self) -> None:
        head = revision(self.scene) or ""
        if head > self.work.release.schema.head:
            self.scene.note(f"It is at schema {head} and stays so.")
        else:
            super().do()


class Archive(RestoreStep[Work]):
    """Not waited for: it says itself that it has no base backup of this database yet."""

    @property
    def sentence(self) -> str:
        return "Start the archive again: it begins a new line with a base backup"

    def do(self) -> None:
        start_archive(self.work)


def stop_all(work: Work) -> None:
    stop(work, (*WORKERS, *INSTANCES))
    stop(work, (SERVICE, "postgres"))


def start_all(work: Work) -> None:
    start_database(work)
    start_archive(work)
    start(work)


def start_database(work: Work) -> None:
    scene = work.scene
    scene.stack.start(
        scene.project(work.release),
        ["postgres"],
        seconds=max(scene.options.patience_seconds, _POSTGRES_SECONDS),
        interruption=scene.interruption,
    )


def start_archive(work: Work) -> None:
    """It serves no guest, so nothing is taken back for it."""
    scene = work.scene
    argv = compose.replace(scene.project(work.release), [SERVICE], anew=False)
    try:
        scene.stack.shell.run(argv, what=f"Starting {SERVICE}")
    except CommandFailed as failure:
        scene.warn(f"Nothing is archived now. {failure.message} {failure.hint}")


def steps_of_exchange(work: ClusterWork) -> list[Step]:
    return [
        StopAll("stop", work),
        Exchange("exchange", work),
        StartDatabase("database", work),
        MigrateOlder("migrate", work),
        Flush("flush", work),
        Start("start", work),
        Archive("archive", work),
        Confirm("confirm", work),
    ]


def steps_of_recovery(work: Recovery) -> list[Step]:
    return [Recover("recover", work), *steps_of_exchange(work)]
