"""A rebuild as a whole: prepared, carried out step by step, finished when it was cut off."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from menuvo_ops.backups.keys import RECOVERY_FILE, unopened
from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.service import Service
from menuvo_ops.environment import Deployment, examine
from menuvo_ops.errors import NotReady, OpsError
from menuvo_ops.rebuilding.bucket import backups_in_bucket, choose
from menuvo_ops.rebuilding.ground import what_is_there
from menuvo_ops.rebuilding.outcome import report, told_age
from menuvo_ops.rebuilding.steps import steps
from menuvo_ops.recovery.content import Recovery
from menuvo_ops.restoring.preflight import of_backup, room
from menuvo_ops.restoring.work import BackupWork, schema_trouble
from menuvo_ops.rollout import preflight, references
from menuvo_ops.rollout.archive import JOURNAL, Archive
from menuvo_ops.rollout.carrying import Carrier
from menuvo_ops.rollout.drafting import draft_of_rebuild, pull
from menuvo_ops.rollout.fetching import take_out
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
from menuvo_ops.rollout.taking import whoever
from menuvo_ops.rollout.telling import Ended, Event, Noted, Planned, Stepped, Tell


@dataclass(frozen=True)
class Wanted:
    """`backup` and `version` are None for the newest backup and the release of the file."""

    recovery: Recovery
    backup: str | None = None
    version: str | None = None


@dataclass(frozen=True)
class Rebuilding:
    stack: Stack
    archive: Archive
    lock: Lock
    interruption: Interruption
    tell: Tell
    # By step, and before them what fetching the release took.
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    @property
    def journal(self) -> Journal:
        return Journal(self.archive.journal)

    def begin(self, wanted: Wanted, options: Options, *, agrees: Callable[[], bool]) -> Ended:
        """Raises OpsError, and nothing has changed but that images were fetched."""
        work, in_the_way = self._prepared(wanted, options)
        if in_the_way:
            raise refusal(in_the_way)
        self.tell(_plan_of(work))
        if not agrees():
            return Ended("declined", 1, "Nothing was changed.")
        self.interruption.check()
        assert work.backup is not None  # noqa: S101, else it would be in the way
        given = {"backup": work.backup.id, "patience_seconds": options.patience_seconds}
        # In this order: what was cut off in between is known for what it is.
        self.journal.open("rebuild", work.release.number, None, given)
        self.archive.admit(work.release)
        return self._carry_out(work, marks={})

    def foresee(self, wanted: Wanted, options: Options) -> Planned:
        work, in_the_way = self._prepared(wanted, options)
        if work.backup is None:
            raise refusal(in_the_way)
        return _plan_of(work, in_the_way)

    def resume(self, entry: Entry) -> Ended:
        """Finish what an earlier run had begun."""
        return self._carry_out(self._interrupted(entry), marks=entry.steps)

    def undo(self, entry: Entry) -> Ended:
        """Take back what an earlier run had begun. Volumes stay, as after a first deploy."""
        work = self._interrupted(entry)
        cause = OpsError(f"An earlier run was cut off at: {entry.at_step}.")
        return self._end(work, self._carrier().take_back(steps(work), cause))

    def _prepared(self, wanted: Wanted, options: Options) -> tuple[BackupWork, list[Problem]]:
        there = what_is_there(self.stack, self.archive, wanted.recovery)
        if there:
            raise refusal(there)
        began = time.monotonic()
        release = self._draft(wanted)
        self.seconds["fetch"] = time.monotonic() - began
        work = self._work(release, options)
        return work, list(self._problems(work, wanted.backup))

    def _draft(self, wanted: Wanted) -> Release:
        recovery = wanted.recovery
        version = wanted.version or recovery.version
        reference = references.of_platform(recovery.image, version)
        if self.stack.image(reference) is None:
            self.tell(Noted(f"Pulling {reference}"))
            pull(self.stack, reference, self.interruption)
        return draft_of_rebuild(
            self.stack,
            self.archive,
            take_out(self.stack, self.archive, reference),
            source=recovery.source,
            files=recovery.files,
            who=whoever(),
            tell=self.tell,
            interruption=self.interruption,
        )

    def _problems(self, work: BackupWork, name: str | None) -> Iterator[Problem]:
        yield from preflight.problems(work.scene, going_back=False)
        try:
            work.backup = choose(backups_in_bucket(self.stack, self.archive.draft), name)
        except NotReady as refusal:
            yield Problem(refusal.message.rstrip("."), refusal.hint)
            return
        values = examine(Deployment(self.archive.draft)).values
        yield from of_backup(work.backup)
        yield from unopened(work.backup, values, RECOVERY_FILE)
        yield from room(work, work.backup)
        newer = schema_trouble(work.backup.schema_head, work.release, [])
        if newer:
            yield Problem(
                newer.replace(", which serves,", ""),
                "Name a release that knows it: --version SHA. Or an older backup: --backup ID",
            )

    def _interrupted(self, entry: Entry) -> BackupWork:
        options = Options(patience_seconds=float(entry.options.get("patience_seconds", 90.0)))
        work = self._work(self.archive.load(entry.release), options)
        work.backup = Backup(str(entry.options["backup"]), "good")
        return work

    def _work(self, release: Release, options: Options) -> BackupWork:
        scene = Scene(
            stack=self.stack,
            archive=self.archive,
            previous=None,
            target=release,
            changed=Changes(frozenset(), is_first=True),
            options=options,
            interruption=self.interruption,
            tell=self.tell,
            # Nothing serves yet, so nobody can be failed.
            probe=Probe(None, lambda _asked, _failed: None),
        )
        # The folder has its own name by the time that its program is asked for.
        return BackupWork(scene, _service(scene), release, backup=None)

    def _carry_out(self, work: BackupWork, marks: Marks) -> Ended:
        work.service = _service(work.scene)
        return self._end(work, self._carrier().carry(steps(work), marks))

    def _carrier(self) -> Carrier:
        return Carrier(self.journal, self.lock, self.interruption, self._count)

    def _count(self, event: Event) -> None:
        if isinstance(event, Stepped) and event.mark in {"done", "failed"}:
            self.seconds[event.step] = event.seconds
        self.tell(event)

    def _end(self, work: BackupWork, trouble: Trouble | None) -> Ended:
        """With a way back that failed the journal stays open: the next run tries again."""
        # Guests had met nothing before, so there is nothing that serves again.
        trouble = replace(trouble, had_switched=False) if trouble else None
        if trouble is None or not trouble.on_the_way_back:
            folder = self.archive.folder(work.release.number)
            self.journal.close(folder / JOURNAL)
            if trouble is not None:
                shutil.rmtree(folder / "secrets", ignore_errors=True)
                self.archive.mark_failed(work.release.number)
        return report(work, trouble, seconds=self.seconds)


def _service(scene: Scene) -> Service:
    project = scene.project(scene.target)
    return Service(scene.stack, project, scene.tell, scene.interruption)


def _plan_of(work: BackupWork, in_the_way: Sequence[Problem] = ()) -> Planned:
    title = (
        f"Nothing serves here yet. Rebuild of {work.scene.domain} as release {work.release.name},"
        f" with {told_age(work)}. What was ordered since is not in it."
    )
    return Planned(
        title,
        tuple((one.name, one.sentence) for one in steps(work)),
        tuple(f"- {one}" for one in in_the_way),
    )
