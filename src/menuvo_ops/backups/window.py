"""From when to when the archive of the database's changes can go back, as
`menuvo-backup window --json` prints it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypedDict, cast

from menuvo_ops.backups.moment import read_aloud, read_moment


class _Span(TypedDict):
    begin: "str | None"
    end: "str | None"


class _Base(TypedDict, total=False):
    id: str
    cluster_bytes: int
    recipients: Sequence[str]


class _Written(_Span, total=False):
    archives: bool
    state: str
    base: "_Base | None"
    earlier: Sequence[_Span]


@dataclass(frozen=True)
class Span:
    begin: datetime
    end: datetime

    def told(self, zone: tzinfo) -> str:
        return f"from {read_aloud(self.begin, zone)} to {read_aloud(self.end, zone)}"


@dataclass(frozen=True)
class Window:
    """`spans` are the newest first; each restore to a moment begins another. `state` is a sentence
    about the archive, `base` names the newest base backup, `cluster_bytes` is its size when it is
    unpacked, and `recipients` are those for whom it is sealed. Without a bucket nothing
    `archives`."""

    spans: Sequence[Span]
    state: str = ""
    base: str = ""
    cluster_bytes: int = 0
    recipients: "tuple[str, ...]" = ()
    archives: bool = True

    @property
    def end(self) -> "datetime | None":
        """The last moment of all."""
        return self.spans[0].end if self.spans else None

    def has(self, at: datetime) -> bool:
        return any(one.begin <= at <= one.end for one in self.spans)

    def told(self, zone: tzinfo) -> str:
        if not self.spans:
            return f"It leads to no moment yet. {self.state}".rstrip()
        return f"It leads to every moment {', and '.join(one.told(zone) for one in self.spans)}."


NOTHING_YET = Window(())


def parse(printed: str) -> Window:
    written = cast("_Written", json.loads(printed))
    base: _Base = written.get("base") or {}
    return Window(
        tuple(_spans([written, *written.get("earlier", ())])),
        written.get("state", ""),
        base.get("id", ""),
        base.get("cluster_bytes", 0),
        tuple(base.get("recipients", ())),
        written.get("archives", True),
    )


def as_text(window: Window, zone: tzinfo) -> str:
    if not window.spans:
        return window.state
    lines = [
        "The database can be brought back to every moment",
        *(f"  {one.told(zone)}" for one in window.spans),
        window.state,
        f"The newest base backup is {window.base}.",
        'Go back with: menuvo restore --at "2026-11-23 18:05"',
    ]
    return "\n".join(lines)


def _spans(written: Sequence[_Span]) -> list[Span]:
    return [
        Span(read_moment(one["begin"]), read_moment(one["end"]))
        for one in written
        if one["begin"] and one["end"]
    ]
