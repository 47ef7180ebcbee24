"""What the programs of the stack write, understood: our JSON and Caddy's, PostgreSQL, Redis, and
whatever others say in their own words."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import cast

from menuvo_ops.logs.line import Line, instant

_LEVELS = {
    **dict.fromkeys(("debug", "debug1", "debug2", "debug3", "debug4", "debug5"), "debug"),
    **dict.fromkeys(("info", "notice", "log"), "info"),
    **dict.fromkeys(("warn", "warning"), "warning"),
    **dict.fromkeys(("error", "fatal", "panic", "dpanic", "critical"), "error"),
}
_POSTGRES = re.compile(
    r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) (?:UTC|GMT) \[(\d+)\] "
    r"(.*?)([A-Z]{3,}\d?):\s+(.*)"
)
# What it says about the line before.
_GOES_ON = {"DETAIL", "HINT", "STATEMENT", "CONTEXT", "QUERY", "LOCATION"}
_REDIS = re.compile(r"\d+:[A-Z] (\d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d+) ([.\-*#]) (.*)")
_REDIS_LEVELS = {".": "debug", "-": "debug", "*": "info", "#": "warning"}
_A_LEVEL = re.compile(r"\b(DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b")
# Further on it is a word of the sentence.
_WITHIN = 60
_TIMES = ("timestamp", "ts", "time")
_EVENTS = ("event", "msg", "message")


@dataclass(frozen=True)
class _Understood:
    """None: as with the line before."""

    event: str
    level: str | None = ""
    at: datetime | None = None
    fields: Mapping[str, object] | None = None


class Reader:
    """Of one service, line after line: some go on with what the one before began."""

    def __init__(self, service: str, otherwise: datetime) -> None:
        """`otherwise`: the time of lines before the first one that tells its own."""
        self._service: str = service
        self._at: datetime = otherwise
        self._level: str = ""

    def read(self, text: str, stamp: datetime | None = None) -> Line:
        """`stamp` is when it was received, where that is known."""
        found = _understand(text)
        self._at = stamp or found.at or self._at
        self._level = self._level if found.level is None else found.level
        return Line(self._at, self._service, self._level, found.event, found.fields or {}, text)


def _understand(text: str) -> _Understood:
    if text.startswith("{"):
        understood = _json(text)
        if understood is not None:
            return understood
    postgres = _POSTGRES.fullmatch(text)
    if postgres:
        day, clock, process, whose, severity, message = postgres.groups()
        level = None if severity in _GOES_ON else _LEVELS.get(severity.lower(), "")
        said = f"{severity}: {message}" if level is None else message
        fields = {"session": whose.strip(), "pid": int(process)} if whose.strip() else {}
        return _Understood(said, level, _moment(f"{day}T{clock}"), fields)
    redis = _REDIS.fullmatch(text)
    if redis:
        return _Understood(redis[3], _REDIS_LEVELS[redis[2]], _local(redis[1]))
    if text[:1].isspace():
        return _Understood(text, None)
    level = _A_LEVEL.search(text[:_WITHIN])
    return _Understood(text, _LEVELS[level[1].lower()] if level else "")


def _json(text: str) -> _Understood | None:
    try:
        fields = cast("dict[str, object]", json.loads(text))
    except (ValueError, RecursionError):
        return None
    level = _LEVELS.get(str(fields.pop("level", "")).lower(), "")
    at = _first(fields, _TIMES)
    return _Understood(str(_first(fields, _EVENTS) or ""), level, _moment(at), fields)


def _first(fields: dict[str, object], names: tuple[str, ...]) -> object:
    """Taken out of the others."""
    return next((fields.pop(name) for name in names if name in fields), None)


def _local(told: str) -> datetime | None:
    """By the clock of the machine, which is UTC in a container."""
    try:
        return datetime.strptime(told, "%d %b %Y %H:%M:%S.%f").astimezone()
    except ValueError:
        return None


def _moment(told: object) -> datetime | None:
    try:
        if isinstance(told, (int, float)):
            return datetime.fromtimestamp(told, timezone.utc)  # noqa: UP017
        return instant(told) if isinstance(told, str) else None
    except (ValueError, OverflowError, OSError):
        return None
