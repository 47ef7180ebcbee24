"""A rebuild as a whole: prepared, carried out step by step, finished when it was cut off."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from menuvo_ops.errors import NotReady, OpsError
from menuvo_ops.rebuilding.bucket import ask_bucket
from menuvo_ops.rebuilding.choosing import Choice
from menuvo_ops.rebuilding.ground import what_is_there
from menuvo_ops.rebuilding.origin import Origin
from menuvo_ops.rebuilding.outcome import report
from menuvo_ops.recovery.content import Recovery
from menuvo_ops.rollout import preflight, references
from menuvo_ops.rollout.archive import JOURNAL, Archive
from menuvo_ops.rollout.carrying import Carrier
from menuvo_ops.rollout.drafting import draft_of_rebuild, pull
from menuvo_ops.rollout.fetching import take_out
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.journal import Entry, Journal
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
    """As it was typed. Without `backup` and `at` it is whatever the bucket has that is newest, and
    without `version` the release of the file."""

    recovery: Recovery
    backup: str | None = None
    at: str | None = None
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
        origin, in_the_way = self._prepared(wanted, options)
        if in_the_way or origin is None:
            raise refusal(in_the_way)
        self.tell(_plan_of(origin))
        if not agrees():
            return Ended("declined", 1, "Nothing was changed.")
        self.interruption.check()
        release = origin.work.release
        given = {**origin.remembered, "patience_seconds": options.patience_seconds}
        # In this order: what was cut off in between is known for what it is.
        self.journal.open("rebuild", release.number, None, given)
        self.archive.admit(release)
        entry = self.journal.read()
        assert entry is not None  # noqa: S101, it was opened
        # The folder has its own name by now, and it is looked for there.
        return self.resume(entry)

    def foresee(self, wanted: Wanted, options: Options) -> Planned:
        origin, in_the_way = self._prepared(wanted, options)
        if origin is None:
            raise refusal(in_the_way)
        return _plan_of(origin, in_the_way)

    def is_meant(self, wanted: Wanted, entry: Entry) -> bool:
        scene = self._scene(self.archive.load(entry.release), Options())
        return Choice(scene, wanted.backup, wanted.at).is_of(entry)

    def resume(self, entry: Entry) -> Ended:
        """Finish what an earlier run had begun."""
        origin = self._begun(entry)
        return self._end(origin, self._carrier().carry(origin.steps(), entry.steps))

    def undo(self, entry: Entry) -> Ended:
        """Take back what an earlier run had begun. Volumes stay, as after a first deploy."""
        origin = self._begun(entry)
        cause = OpsError(f"An earlier run was cut off at: {entry.at_step}.")
        return self._end(origin, self._carrier().take_back(origin.steps(), cause))

    def _prepared(self, wanted: Wanted, options: Options) -> tuple[Origin | None, list[Problem]]:
        """None where the bucket has nothing that fits, and why not is what is in the way."""
        there = what_is_there(self.stack, self.archive, wanted.recovery)
        if there:
            raise refusal(there)
        began = time.monotonic()
        release = self._draft(wanted)
        self.seconds["fetch"] = time.monotonic() - began
        scene = self._scene(release, options)
        problems = preflight.problems(scene, going_back=False)
        try:
            holdings = ask_bucket(self.stack, self.archive.draft)
            origin = Choice(scene, wanted.backup, wanted.at).among(holdings)
        except NotReady as refused:
            return None, [*problems, Problem(refused.message.rstrip("."), refused.hint)]
        return origin, [*problems, *origin.problems()]

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

    def _begun(self, entry: Entry) -> Origin:
        options = Options(patience_seconds=float(entry.options.get("patience_seconds", 90.0)))
        return Choice(self._scene(self.archive.load(entry.release), options)).again(entry)

    def _scene(self, release: Release, options: Options) -> Scene:
        return Scene(
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

    def _carrier(self) -> Carrier:
        return Carrier(self.journal, self.lock, self.interruption, self._count)

    def _count(self, event: Event) -> None:
        if isinstance(event, Stepped) and event.mark in {"done", "failed"}:
            self.seconds[event.step] = event.seconds
        self.tell(event)

    def _end(self, origin: Origin, trouble: Trouble | None) -> Ended:
        """With a way back that failed the journal stays open: the next run tries again."""
        # Guests had met nothing before, so there is nothing that serves again.
        trouble = replace(trouble, had_switched=False) if trouble else None
        if trouble is None or not trouble.on_the_way_back:
            number = origin.work.release.number
            folder = self.archive.folder(number)
            self.journal.close(folder / JOURNAL)
            if trouble is not None:
                shutil.rmtree(folder / "secrets", ignore_errors=True)
                self.archive.mark_failed(number)
        return report(origin, trouble, seconds=self.seconds)


def _plan_of(origin: Origin, in_the_way: Sequence[Problem] = ()) -> Planned:
    work = origin.work
    title = (
        f"Nothing serves here yet. Rebuild of {work.scene.domain} as release {work.release.name},"
        f" with {origin.told}. {origin.loss}"
    )
    return Planned(
        title,
        tuple((one.name, one.sentence) for one in origin.steps()),
        tuple(f"- {one}" for one in in_the_way),
    )
