"""What a rollout says while it goes on: events, which a terminal, a log or a program shows."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal, Union, cast

StepMark = Literal["begun", "done", "failed", "skipped", "undoing", "undone"]


@dataclass(frozen=True)
class Planned:
    """What is going to be done, in order: the name of each step and its sentence."""

    title: str
    steps: tuple[tuple[str, str], ...]
    # What stands in the way of it.
    problems: tuple[str, ...] = ()

    @property
    def is_blocked(self) -> bool:
        return bool(self.problems)


@dataclass(frozen=True)
class Stepped:
    step: str
    mark: StepMark
    sentence: str
    seconds: float = 0.0
    # Why it failed, or was passed over.
    reason: str = ""


@dataclass(frozen=True)
class Noted:
    """Something worth reading that is no step."""

    sentence: str
    is_warning: bool = False


@dataclass(frozen=True)
class Probed:
    """How many questions the edge was asked so far, and how many it did not answer well."""

    asked: int
    failed: int


@dataclass(frozen=True)
class Drilled:
    """What one trial of a drill brought back; `age_seconds` is how old that is. Where it
    was of a moment, `backup` is the base backup and nobody counts rows: `lag_seconds` is from the
    last commit to that moment, and `amcheck` what became of reading every page."""

    trial: str
    backup: str
    age_seconds: float
    fetch_seconds: float
    restore_seconds: float
    rows: "int | None" = None
    lag_seconds: "float | None" = None
    amcheck: str = ""


@dataclass(frozen=True)
class Ended:
    outcome: str
    exit_code: int
    sentence: str
    hint: str = ""
    release: int | None = None
    version: str = ""
    seconds: float = 0.0
    asked: int = 0
    failed: int = 0
    longest_ms: int = 0
    schema_ahead: bool = False


Event = Union[Planned, Stepped, Noted, Probed, Drilled, Ended]  # noqa: UP007, server Python
Tell = Callable[[Event], None]

_KINDS: Mapping[str, type[Event]] = {
    kind.__name__.lower(): kind for kind in (Planned, Stepped, Noted, Probed, Drilled, Ended)
}


def as_line(event: Event) -> str:
    return json.dumps({"event": type(event).__name__.lower(), **asdict(event)}, ensure_ascii=False)


def from_line(line: str) -> Event | None:
    """None for what another program, or a later release, said."""
    try:
        facts = cast("dict[str, object]", json.loads(line))
        kind = _KINDS[str(facts.pop("event"))]
        given = {name: _frozen(value) for name, value in facts.items()}
        event = kind(**given)  # pyright: ignore[reportArgumentType]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return event


def _frozen(value: object) -> object:
    """JSON has lists alone, and our events have none."""
    if isinstance(value, list):
        return tuple(_frozen(one) for one in cast("list[object]", value))
    return value
