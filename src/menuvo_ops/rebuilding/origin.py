"""What a rebuild brings back: a backup, or the database of a moment."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from menuvo_ops.restoring.work import Work
from menuvo_ops.rollout.journal import Options
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.steps.step import Step


class Origin(Protocol):
    @property
    def work(self) -> Work: ...

    @property
    def told(self) -> str:
        """As in "serves, with ...", before it is there and afterwards."""
        ...

    @property
    def loss(self) -> str:
        """A sentence about what is not in it."""
        ...

    @property
    def remembered(self) -> Options:
        """What a later run needs to go on with it, or to take it back."""
        ...

    def problems(self) -> Iterator[Problem]: ...

    def steps(self) -> Sequence[Step]: ...
