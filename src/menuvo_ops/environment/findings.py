"""What is wrong with an environment, in words that show no secret."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    # A name of the environment, or `.env` for the file itself.
    name: str
    problem: str
    # What a right one looks like, or what to do.
    remedy: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.name} {self.problem}. {self.remedy}"


def warning(name: str, problem: str, remedy: str) -> Finding:
    return Finding(name, problem, remedy, "warning")
