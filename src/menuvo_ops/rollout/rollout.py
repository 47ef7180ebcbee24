"""From one release to another: the procedure as a whole. What a step does stands in `steps/`."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

from menuvo_ops.environment.addresses import app_login
from menuvo_ops.errors import OpsError
from menuvo_ops.rollout import probe as probing
from menuvo_ops.rollout.archive import JOURNAL, Archive
from menuvo_ops.rollout.carrying import Carrier
from menuvo_ops.rollout.comparing import fingerprints_of
from menuvo_ops.rollout.database import revision_in
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.journal import Entry, Journal, Marks, Verb
from menuvo_ops.rollout.lock import Lock
from menuvo_ops.rollout.outcome import Trouble, report
from menuvo_ops.rollout.plan import INSTANCES, TASKS, Changes, changes, steps
from menuvo_ops.rollout.preflight import problems, require_ready
from menuvo_ops.rollout.probe import Probe
from menuvo_ops.rollout.pruning import make_room
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.scene import Options, Scene
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.steps import Step, step
from menuvo_ops.rollout.telling import Ended, Noted, Planned, Probed, Tell


@dataclass(frozen=True)
class Rollout:
    """What all rollouts in one folder have in common."""

    stack: Stack
    archive: Archive
    lock: Lock
    interruption: Interruption
    tell: Tell

    @property
    def journal(self) -> Journal:
        return Journal(self.archive.journal)

    def begin(
        self, target: Release, verb: Verb, options: Options, *, agrees: Callable[[], bool]
    ) -> Ended:
        """Take the draft into service. Raises NotReady, and nothing has changed."""
        scene = self._scene(target, options)
        if scene.changed.nothing:
            return _nothing_to_do(scene)
        require_ready(scene, going_back=verb == "rollback")
        planned = self._steps(scene)
        self.tell(plan_of(scene, planned, verb))
        if not agrees():
            return Ended("declined", 1, "Nothing was changed.")
        self.interruption.check()
        previous = scene.previous.number if scene.previous else None
        # In this order: what was cut off in between is known for what it is.
        self.journal.open(verb, target.number, previous, asdict(options))
        self.archive.admit(target)
        return self._carry_out(scene, planned, marks={})

    def foresee(self, target: Release, verb: Verb, options: Options) -> Planned:
        """What `begin` would do; whatever is in its way is told with it."""
        scene = self._scene(target, options)
        if scene.changed.nothing:
            return Planned(_nothing_to_do(scene).sentence, steps=())
        in_the_way = problems(scene, going_back=verb == "rollback")
        planned = plan_of(scene, self._steps(scene), verb)
        return replace(planned, problems=tuple(f"- {one}" for one in in_the_way))

    def resume(self, entry: Entry) -> Ended:
        """Finish what an earlier run had begun; what it had begun to undo is undone."""
        scene = self._scene(*self._interrupted(entry))
        planned = self._steps(scene)
        if entry.is_undoing:
            return self._undo(scene, planned, entry)
        return self._carry_out(scene, planned, marks=entry.steps)

    def undo(self, entry: Entry) -> Ended:
        """Take back what an earlier run had begun."""
        scene = self._scene(*self._interrupted(entry))
        return self._undo(scene, self._steps(scene), entry)

    def _interrupted(self, entry: Entry) -> tuple[Release, Options]:
        return self.archive.load(entry.release), _options(entry)

    def _carry_out(self, scene: Scene, planned: Sequence[Step], marks: Marks) -> Ended:
        carrier = Carrier(self.journal, self.lock, self.interruption, self.tell)
        began = time.monotonic()
        with scene.probe:
            trouble = carrier.carry(planned, marks)
        return self._end(scene, trouble, seconds=time.monotonic() - began)

    def _undo(self, scene: Scene, planned: Sequence[Step], entry: Entry) -> Ended:
        carrier = Carrier(self.journal, self.lock, self.interruption, self.tell)
        began = time.monotonic()
        cause = OpsError(f"An earlier run was cut off at: {entry.at_step}.")
        with scene.probe:
            trouble = carrier.take_back(planned, cause)
        return self._end(scene, trouble, seconds=time.monotonic() - began)

    def _end(self, scene: Scene, trouble: Trouble | None, *, seconds: float) -> Ended:
        """With a way back that failed the journal stays open: the next run tries again."""
        if trouble is not None and scene.previous is None:
            # Guests had met nothing before, so there is nothing that serves again.
            trouble = replace(trouble, had_switched=False)
        ended = report(scene, trouble, seconds=seconds)
        if trouble is None or not trouble.on_the_way_back:
            self.journal.close(scene.folder(scene.target) / JOURNAL)
            if trouble is not None:
                self._forget_attempt(scene)
        return ended

    def _forget_attempt(self, scene: Scene) -> None:
        """Its journal and logs stay; it is no release that anybody could go back to."""
        shutil.rmtree(scene.folder(scene.target) / "secrets", ignore_errors=True)
        self.archive.mark_failed(scene.target.number)
        make_room(scene)

    def _scene(self, target: Release, options: Options) -> Scene:
        number = target.previous
        previous = self.archive.load(number) if number is not None else None
        scene = Scene(
            stack=self.stack,
            archive=self.archive,
            previous=previous,
            target=target,
            changed=Changes(frozenset()),
            options=options,
            interruption=self.interruption,
            tell=self.tell,
            probe=Probe(None, lambda _asked, _failed: None),
        )
        scene.changed = self._changes(scene)
        scene.probe = self._probe(scene)
        return scene

    def _changes(self, scene: Scene) -> Changes:
        if scene.previous is None:
            return Changes(frozenset(), is_first=True)
        there = scene.containers()
        postgres = there.get("postgres")
        applied = revision_in(self.stack, postgres) if postgres and postgres.is_well else None
        found = changes(
            *(
                fingerprints_of(self.stack, scene.folder(release), release)
                for release in (scene.previous, scene.target)
            ),
            migrates=applied is not None and applied < scene.target.schema.head,
        )
        before, after = scene.values(scene.previous), scene.values(scene.target)
        found = replace(
            found,
            login=app_login(before) != app_login(after),
            owner=before["DB_PASSWORD"] != after["DB_PASSWORD"],
        )
        if not scene.options.repair:
            return found
        expected = scene.expected(scene.target)
        wrong = {name for name in expected if not scene.runs(name, scene.target)} - TASKS
        unwell = {name for name in INSTANCES if name not in there or not there[name].is_well}
        return replace(found, services=found.services | wrong, troubled=frozenset(unwell))

    def _probe(self, scene: Scene) -> Probe:
        """Silent where nothing serves yet, where what serves is older than the probe, and where its
        own token changes: whoever is replaced first believes one alone, the others the other."""
        edge = scene.edge(scene.previous) if scene.previous else None
        after = scene.edge(scene.target)
        if edge is not None and after is not None and edge.token != after.token:
            self.tell(Noted("PROBE_TOKEN is another one: nothing is asked meanwhile."))
            edge = None
        if edge is not None and not probing.answers(edge):
            self.tell(Noted("What serves now does not answer the probe: nothing is counted."))
            edge = None
        return Probe(edge, lambda asked, failed: self.tell(Probed(asked, failed)))

    def _steps(self, scene: Scene) -> list[Step]:
        names = steps(scene.changed, soak_seconds=scene.options.soak_seconds)
        return [step(name, scene) for name in names]


def plan_of(scene: Scene, planned: Sequence[Step], verb: Verb) -> Planned:
    before = f"Release {scene.previous.name} serves." if scene.previous else "Nothing serves yet."
    title = f"{before} {verb.capitalize()} of release {scene.target.name}:"
    return Planned(title, tuple((one.name, one.sentence) for one in planned))


def _nothing_to_do(scene: Scene) -> Ended:
    return Ended(
        outcome="done",
        exit_code=0,
        sentence=f"Nothing to do: what serves is just this already"
        f" ({scene.previous.name if scene.previous else scene.target.name}).",
        release=scene.previous.number if scene.previous else None,
        version=scene.target.version,
    )


def _options(entry: Entry) -> Options:
    given = dict(entry.options)
    return Options(
        soak_seconds=float(given.get("soak_seconds", 25.0)),
        patience_seconds=float(given.get("patience_seconds", 90.0)),
        maintenance=bool(given.get("maintenance", False)),
        repair=bool(given.get("repair", False)),
        accept_stale_backup=bool(given.get("accept_stale_backup", False)),
    )
