"""A line for each part, of what the doctor finds when it looks at it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from menuvo_ops.doctor.examination import examine
from menuvo_ops.doctor.finding import Finding, Found, Status
from menuvo_ops.doctor.ground import Ground

_Ground = TypeVar("_Ground", bound=Ground)
# In the order in which somebody in a hurry reads them. The archive is not among them: to look at it
# is to list the whole bucket, which costs something each time, and its service complains by itself.
_PARTS = {
    "Guests": ("edge-menus", "edge-orders"),
    "Database": ("database", "database-connections"),
    "Redis": ("redis", "redis-memory"),
    "Queues": ("queue-waiting", "queue-dead"),
    "Certificate": ("address-certificate",),
    "Disk": ("disk",),
    "Memory": ("memory", "engine-memory-budget"),
    "Drill": ("backup-drill",),
    "Alerts": ("alarms-raised",),
}
_WORST: "tuple[Status, ...]" = ("skipped", "ok", "warn", "fail")


@dataclass(frozen=True)
class Part:
    """`fix` is the command for the first that is not well."""

    title: str
    status: Status
    told: str
    fix: str


def look_at_parts(
    ground: _Ground, checks: "Mapping[str, Callable[[_Ground], Found]]"
) -> "list[Part]":
    """Those that are here: a stack of one's own has no certificate."""
    wanted = {name: checks[name] for names in _PARTS.values() for name in names if name in checks}
    found = {one.name: one for one in examine(ground, wanted)}
    seen = (
        (title, [found[one] for one in names if one in found]) for title, names in _PARTS.items()
    )
    return [_part(title, findings) for title, findings in seen if findings]


def _part(title: str, findings: "Sequence[Finding]") -> Part:
    worst = max(findings, key=lambda one: _WORST.index(one.status))
    status = worst.status
    # What is wrong is not told beside what is not.
    told = [one for one in findings if one.status == status or status in {"ok", "skipped"}]
    fix = next((one.fix for one in told if one.fix), "")
    # What keeps one from being looked at keeps its neighbour, too.
    sentences = dict.fromkeys(one.found for one in told)
    return Part(title, status, " ".join(sentences), fix)
