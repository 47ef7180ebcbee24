"""Something that is in the way of a rollout."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from menuvo_ops.rollout.scene import Scene


@dataclass(frozen=True)
class Problem:
    told: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.told}. {self.remedy}"


Check = Callable[[Scene], Iterator[Problem]]
