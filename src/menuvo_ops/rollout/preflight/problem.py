"""Something that is in the way of a rollout."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from menuvo_ops.errors import NotReady
from menuvo_ops.rollout.scene import Scene


@dataclass(frozen=True)
class Problem:
    told: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.told}. {self.remedy}"


def refusal(problems: Iterable[Problem]) -> NotReady:
    """All of them at once."""
    told = "\n".join(f"- {problem}" for problem in problems)
    return NotReady(f"Nothing was changed, because:\n{told}")


Check = Callable[[Scene], Iterator[Problem]]
