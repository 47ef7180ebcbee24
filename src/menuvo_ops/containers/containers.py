"""How a container is, read from `compose ps`."""

import json
from dataclasses import dataclass
from typing import TypedDict, cast


class _Listed(TypedDict):
    ID: str
    Service: str
    State: str
    Health: str
    ExitCode: int


@dataclass(frozen=True)
class Container:
    """`health` is empty where nothing checks it."""

    id: str
    service: str
    state: str
    health: str
    exit_code: int

    @property
    def word(self) -> str:
        """As the embedded engine says it."""
        if self.state == "running":
            return self.health or "healthy"
        if self.state == "exited":
            return "stopped" if self.exit_code == 0 else f"failed (exit code {self.exit_code})"
        return self.state

    @property
    def is_well(self) -> bool:
        return self.word == "healthy"


def parse(printed: str) -> list[Container]:
    """One JSON object a line."""
    listed = [cast("_Listed", json.loads(line)) for line in printed.splitlines()]
    return [
        Container(one["ID"], one["Service"], one["State"], one["Health"], one["ExitCode"])
        for one in listed
    ]
