"""Carries steps out, each written down before and after, and finds the way back."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from menuvo_ops.errors import OpsError, Refused, Unforeseen
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.journal import Journal, Mark, Marks
from menuvo_ops.rollout.lock import Lock
from menuvo_ops.rollout.outcome import Trouble
from menuvo_ops.rollout.telling import StepMark, Stepped, Tell


class Step(Protocol):
    """Of whatever kind of work: something to do, and perhaps a way back."""

    @property
    def name(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    @property
    def can_undo(self) -> bool: ...

    def do(self) -> None: ...

    def undo(self) -> None: ...


class Switching(Step, Protocol):
    @property
    def switches(self) -> bool:
        """Whether guests or jobs meet something else once it was begun."""
        ...


@dataclass(frozen=True)
class Carrier:
    journal: Journal
    lock: Lock
    interruption: Interruption
    tell: Tell

    def forward(self, steps: Sequence[Step], marks: Marks) -> None:
        """Do what `marks` does not call done; raises what a step raises, after it was noted."""
        for step in steps:
            if marks.get(step.name) == "done":
                self.tell(Stepped(step.name, "skipped", step.sentence, reason="done before"))
            else:
                self.interruption.check()
                self._do(step)

    def back(self, steps: Sequence[Step], marks: Marks) -> list[OpsError]:
        """Undo whatever was begun, the last first. Nothing interrupts it, and what fails does not
        keep it from the rest; what failed is returned."""
        self.interruption.ignore()
        begun = [
            step for step in steps if step.can_undo and marks.get(step.name, "undone") != "undone"
        ]
        return [problem for step in reversed(begun) if (problem := self._undo(step))]

    def carry(self, steps: Sequence[Switching], marks: Marks) -> Trouble | None:
        """To the end, or as far as it goes and then back."""
        try:
            self.forward(steps, marks)
        except OpsError as error:
            return self.take_back(steps, error)
        return None

    def take_back(self, steps: Sequence[Switching], cause: OpsError) -> Trouble:
        """Whatever the journal says was begun."""
        entry = self.journal.read()
        marks: Marks = entry.steps if entry else {}
        switched = any(one.switches and one.name in marks for one in steps)
        return Trouble(cause, tuple(self.back(steps, marks)), had_switched=switched)

    def _do(self, step: Step) -> None:
        began = time.monotonic()
        self._mark(step, "begun")
        try:
            _attempt(step.do)
        except OpsError as problem:
            self._mark(step, "failed", began, problem.message)
            raise
        self._mark(step, "done", began)

    def _undo(self, step: Step) -> OpsError | None:
        began = time.monotonic()
        self._mark(step, "undoing")
        try:
            _attempt(step.undo)
        except OpsError as problem:
            self.tell(Stepped(step.name, "failed", step.sentence, reason=problem.message))
            return problem
        self._mark(step, "undone", began)
        return None

    def _mark(self, step: Step, mark: Mark, began: float | None = None, reason: str = "") -> None:
        self.journal.mark(step.name, mark)
        doing = step.sentence[:1].lower() + step.sentence[1:]
        self.lock.note(f"undoing: {doing}" if mark == "undoing" else doing)
        seconds = 0.0 if began is None else round(time.monotonic() - began, 1)
        shown: StepMark = mark
        sentence = f"Undo: {doing}" if mark in {"undoing", "undone"} else step.sentence
        self.tell(Stepped(step.name, shown, sentence, seconds, reason))


def _attempt(act: Callable[[], None]) -> None:
    """The edge of a step: also what nobody foresaw must lead to the way back."""
    try:
        act()
    except OpsError:
        raise
    except OSError as error:
        raise Refused.by_system(error) from error
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        raise Unforeseen(f"A mistake of this tool itself ({told}).") from error
