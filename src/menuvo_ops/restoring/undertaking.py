"""One restore, of whatever kind: what is put in the database's place, what stands in its way, and
how it is done."""

from collections.abc import Sequence
from typing import Protocol

from menuvo_ops.restoring.work import Work
from menuvo_ops.rollout.journal import Options
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.steps.step import Step


class Undertaking(Protocol):
    @property
    def work(self) -> Work: ...

    @property
    def told(self) -> str:
        """As in "serves, with ..."."""
        ...

    @property
    def remembered(self) -> Options:
        """What a later run needs to go on with it, or to take it back."""
        ...

    def problems(self) -> list[Problem]: ...

    def title(self) -> str:
        """What it means for guests and for what was ordered."""
        ...

    def steps(self) -> Sequence[Step]: ...

    def what_is_kept(self) -> str:
        """Once it is done."""
        ...

    def after_way_back(self, cause: str) -> str:
        """How it ended where something had been stopped, and all ways back were gone."""
        ...
