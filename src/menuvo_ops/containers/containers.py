"""How a container is, read from `compose ps`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict, cast


class _Listed(TypedDict):
    ID: str
    Name: str
    Service: str
    State: str
    Health: str
    ExitCode: int


@dataclass(frozen=True)
class Container:
    """`health` is empty where nothing checks it."""

    id: str
    name: str
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
        """Healthy, or a task that is done."""
        return self.word in {"healthy", "stopped"}


def parse(printed: str) -> dict[str, Container]:
    """By service, from one JSON object a line."""
    listed = [cast("_Listed", json.loads(line)) for line in printed.splitlines()]
    return {
        one["Service"]: Container(
            id=one["ID"],
            name=one["Name"],
            service=one["Service"],
            state=one["State"],
            health=one["Health"],
            exit_code=one["ExitCode"],
        )
        for one in listed
    }


def unwell(containers: Iterable[Container], complaint: str) -> list[Container]:
    """Those that are not well, and those that `complaint` names: one that is started again and
    again looks well for a moment each time."""
    return [one for one in containers if not one.is_well or one.name in complaint]
