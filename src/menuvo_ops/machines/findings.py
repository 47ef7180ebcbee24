"""What a server says of its items, line by line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, cast, get_args

from menuvo_ops.errors import ServerUnfit
from menuvo_ops.machines.items import PROMISES

Status = Literal["ok", "changed", "warn", "fail", "skipped", "begun"]
_MARK = "menuvo:"
_END = f"{_MARK}end"


@dataclass(frozen=True)
class Finding:
    """`begun` is no finding yet: the item is being mended."""

    name: str
    status: Status
    found: str
    fix: str = ""


def read(lines: Iterable[str]) -> Iterator[Finding]:
    """Raises ServerUnfit when the server did not come to the end of it."""
    for line in lines:
        if line == _END:
            return
        if line.startswith(_MARK):
            yield _finding(line.removeprefix(_MARK))
    raise ServerUnfit(
        "The server did not come to the end of what was asked.",
        hint="Run this again: it goes on where it stopped.",
    )


def _finding(line: str) -> Finding:
    name, status, found, fix = (*line.split("\t", 3), "", "", "")[:4]
    if status not in get_args(Status):
        raise ServerUnfit(f"The server said something unforeseen: {line!r}.")
    if status == "ok":
        found = PROMISES[name]
    return Finding(name, cast("Status", status), found, fix)


def is_wrong(findings: Iterable[Finding]) -> bool:
    return any(finding.status == "fail" for finding in findings)
