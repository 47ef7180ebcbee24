"""What one look has found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from menuvo_ops.doctor.ground import Ground

Status = Literal["ok", "warn", "fail", "skipped"]


@dataclass(frozen=True)
class Found:
    """`fix` is a command wherever one mends it, and else what a person has to do."""

    status: Status
    told: str
    fix: str = ""


@dataclass(frozen=True)
class Finding:
    name: str
    status: Status
    found: str
    fix: str


Check: TypeAlias = Callable[[Ground], Found]
Checks: TypeAlias = Mapping[str, Check]


def well(told: str) -> Found:
    return Found("ok", told)


def doubtful(told: str, *, fix: str) -> Found:
    return Found("warn", told, fix)


def ill(told: str, *, fix: str) -> Found:
    return Found("fail", told, fix)


def not_looked(why: str) -> Found:
    """What does not exist here, or what nobody may ask."""
    return Found("skipped", why)
