"""Every step is written down before and after, and whatever fails, all that was begun is undone."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menuvo_ops.errors import Interrupted, OpsError, Refused, ServiceFailed, Unforeseen
from menuvo_ops.rollout.carrying import Carrier
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.journal import Journal, Marks
from menuvo_ops.rollout.lock import Lock, holder
from menuvo_ops.rollout.plan import FOUNDATION, INSTANCES, WORKERS, Changes, steps
from menuvo_ops.rollout.steps.step import Step
from menuvo_ops.rollout.telling import Event, Stepped

NAMES = ("canary", "install", "platform-a", "soak", "platform-b", "settle")
# Each line of a journal waits for the disk, which others use too.
unhurried = settings(deadline=None, max_examples=40)
_plans = st.builds(
    Changes,
    services=st.frozensets(st.sampled_from([*FOUNDATION, *INSTANCES, *WORKERS, "gatus"])),
    edge=st.booleans(),
    ground=st.booleans(),
    migrates=st.booleans(),
).map(lambda changed: steps(changed, soak_seconds=25.0))


class Trial(Step):
    """Notes what is asked of it, and fails where it is told to."""

    def __init__(self, name: str, done: list[str], fails: Callable[[str], bool]) -> None:
        self.name = name
        self.can_undo = name not in {"soak", "dump", "migrate"}
        self._done = done
        self._fails = fails

    @property
    def sentence(self) -> str:
        return f"Try {self.name}"

    def do(self) -> None:
        self._note(self.name)

    def undo(self) -> None:
        self._note(f"undo {self.name}")

    def _note(self, what: str) -> None:
        self._done.append(what)
        if self._fails(what):
            raise ServiceFailed(f"{what} failed.")


@dataclass
class Trials:
    """A carrier with a journal of its own, and steps that are tried with it."""

    folder: Path
    lock: Lock
    done: list[str] = field(default_factory=list[str])
    told: list[Event] = field(default_factory=list[Event])
    interruption: Interruption = field(default_factory=Interruption)
    failing: frozenset[str] = frozenset()

    @property
    def journal(self) -> Journal:
        return Journal(self.folder / "journal.jsonl")

    @property
    def carrier(self) -> Carrier:
        return Carrier(self.journal, self.lock, self.interruption, self.told.append)

    def steps(self, names: Sequence[str] = NAMES) -> list[Step]:
        return [Trial(name, self.done, lambda what: what in self.failing) for name in names]

    def marks(self) -> Marks:
        entry = self.journal.read()
        assert entry
        return entry.steps


@pytest.fixture
def trials(tmp_path: Path) -> Trials:
    found = Trials(tmp_path, Lock(tmp_path / "lock", "me"))
    found.journal.open("deploy", 2, 1, {})
    return found


def test_all_steps_are_done_in_order(trials: Trials) -> None:
    trials.carrier.forward(trials.steps(), {})
    assert trials.done == list(NAMES)
    assert dict(trials.marks()) == dict.fromkeys(NAMES, "done")


def test_what_is_done_already_is_passed_over_and_said(trials: Trials) -> None:
    marks: Marks = {"canary": "done", "install": "done", "platform-a": "begun"}
    trials.carrier.forward(trials.steps(), marks)
    assert trials.done == list(NAMES[2:])
    skipped = [one for one in trials.told if isinstance(one, Stepped) and one.mark == "skipped"]
    assert [one.step for one in skipped] == ["canary", "install"]
    assert {one.reason for one in skipped} == {"done before"}


def test_a_step_that_fails_is_noted_and_the_rest_is_left(trials: Trials) -> None:
    trials.failing = frozenset({"soak"})
    with pytest.raises(ServiceFailed):
        trials.carrier.forward(trials.steps(), {})
    assert trials.done == ["canary", "install", "platform-a", "soak"]
    assert trials.marks()["soak"] == "failed"
    last = trials.told[-1]
    assert isinstance(last, Stepped)
    assert (last.mark, last.reason) == ("failed", "soak failed.")


def test_what_the_system_refuses_is_a_sentence_too(trials: Trials) -> None:
    class Full(Trial):
        def do(self) -> None:
            raise OSError(28, "No space left on device")

    with pytest.raises(Refused, match="No space left"):
        trials.carrier.forward([Full("install", [], lambda _: False)], {})
    assert trials.marks()["install"] == "failed"


def test_each_step_is_on_disk_before_it_is_told(trials: Trials) -> None:
    seen: list[str] = []

    def told(event: Event) -> None:
        assert isinstance(event, Stepped)
        last = json.loads(trials.journal.file.read_text().splitlines()[-1])
        seen.append(event.mark)
        assert (last["step"], last["mark"]) == (event.step, event.mark)

    Carrier(trials.journal, trials.lock, trials.interruption, told).forward(trials.steps(), {})
    assert seen == ["begun", "done"] * len(NAMES)


def test_who_asks_for_the_lock_hears_what_is_being_done(trials: Trials) -> None:
    heard: list[str] = []

    class Listening(Trial):
        def do(self) -> None:
            owner = holder(trials.folder / "lock")
            assert owner
            heard.append(owner.doing)

        def undo(self) -> None:
            self.do()

    with trials.lock.take():
        there: list[Step] = [Listening("canary", [], lambda _: False)]
        trials.carrier.forward(there, {})
        trials.carrier.back(there, {"canary": "done"})
    assert heard == ["try canary", "undoing: try canary"]


def test_an_interruption_is_heeded_before_the_next_step(trials: Trials) -> None:
    class Interrupting(Trial):
        def do(self) -> None:
            super().do()
            trials.interruption.report("Ctrl-C")

    there = [Interrupting("canary", trials.done, lambda _: False), *trials.steps(NAMES[1:])]
    with pytest.raises(Interrupted):
        trials.carrier.forward(there, {})
    assert trials.done == ["canary"]
    assert trials.marks() == {"canary": "done"}
    assert trials.carrier.back(there, trials.marks()) == []
    assert trials.done == ["canary", "undo canary"]


def test_what_was_undone_before_is_not_undone_again(trials: Trials) -> None:
    marks: Marks = {"install": "undoing", "platform-a": "undone", "soak": "done"}
    assert trials.carrier.back(trials.steps(), marks) == []
    assert trials.done == ["undo install"]


@unhurried
@given(plan=_plans, data=st.data())
def test_whatever_fails_everything_begun_is_undone_in_reverse(
    tmp_path_factory: pytest.TempPathFactory, plan: list[str], data: st.DataObject
) -> None:
    """And what fails on the way back is told, and keeps nothing else from being undone."""
    folder = tmp_path_factory.mktemp("trial")
    failing = data.draw(st.sampled_from(plan), label="fails")
    stuck = data.draw(st.frozensets(st.sampled_from(plan)), label="cannot be undone")
    trials = Trials(folder, Lock(folder / "lock", "me"))
    trials.failing = frozenset({failing, *(f"undo {name}" for name in stuck)})
    trials.journal.open("deploy", 2, 1, {})
    there = trials.steps(plan)
    with pytest.raises(OpsError):
        trials.carrier.forward(there, {})
    begun = plan[: plan.index(failing) + 1]
    assert trials.done == begun
    trials.done.clear()

    failed = trials.carrier.back(there, trials.marks())

    undoable = [step.name for step in there if step.name in begun and step.can_undo]
    assert trials.done == [f"undo {name}" for name in reversed(undoable)]
    assert [one.message for one in failed] == [
        f"undo {name} failed." for name in reversed(undoable) if name in stuck
    ]
    marks = trials.marks()
    assert {name for name in undoable if marks[name] == "undone"} == set(undoable) - stuck

    # A second try has only what is left.
    trials.done.clear()
    trials.failing = frozenset()
    assert trials.carrier.back(there, marks) == []
    assert trials.done == [f"undo {name}" for name in reversed(undoable) if name in stuck]


@unhurried
@given(plan=_plans, data=st.data())
def test_a_run_that_is_cut_off_anywhere_is_finished_by_the_next(
    tmp_path_factory: pytest.TempPathFactory, plan: list[str], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("trial")
    trials = Trials(folder, Lock(folder / "lock", "me"))
    trials.journal.open("deploy", 2, 1, {})
    trials.carrier.forward(trials.steps(plan), {})
    written = trials.journal.file.read_bytes()
    first = written.index(b"\n") + 1
    trials.journal.file.write_bytes(written[: data.draw(st.integers(first, len(written)))])
    marks = trials.marks()
    trials.done.clear()

    trials.carrier.forward(trials.steps(plan), marks)

    assert trials.done == [name for name in plan if marks.get(name) != "done"]
    assert dict(trials.marks()) == dict.fromkeys(plan, "done")


def test_also_what_nobody_foresaw_in_a_step_leads_to_the_way_back(trials: Trials) -> None:
    steps = trials.steps()

    def stumble() -> None:
        raise ValueError("no JSON")

    steps[2].do = stumble
    with pytest.raises(Unforeseen, match="ValueError: no JSON"):
        trials.carrier.forward(steps, {})
    assert trials.marks()["platform-a"] == "failed"

    steps[1].undo = stumble
    [problem] = trials.carrier.back(steps, trials.marks())
    assert isinstance(problem, Unforeseen)
    assert trials.done[-2:] == ["undo platform-a", "undo canary"]
