"""One line of a log, whoever wrote it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import cast

LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class Line:
    """`text` is as it was written. `level` is one of LEVELS, or empty where the line names none."""

    at: datetime
    service: str
    level: str
    event: str
    fields: Mapping[str, object] = field(default_factory=dict[str, object])
    text: str = ""


def to_json(line: Line) -> str:
    at = line.at.astimezone(timezone.utc)  # noqa: UP017
    facts = {
        "time": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z",
        "service": line.service,
        "level": line.level,
        "event": line.event,
        "fields": line.fields,
    }
    return json.dumps(facts, ensure_ascii=False)


def from_json(text: str) -> Line | None:
    """None for what is no line of ours."""
    try:
        facts = cast("dict[str, object]", json.loads(text))
        return Line(
            at=instant(str(facts["time"])),
            service=str(facts["service"]),
            level=str(facts["level"]),
            event=str(facts["event"]),
            fields=cast("Mapping[str, object]", facts["fields"]),
            text=text,
        )
    except (ValueError, KeyError, TypeError):
        return None


def instant(text: str) -> datetime:
    """Of UTC, with a fraction of any length, which Python 3.10 cannot read; raises ValueError."""
    seconds, _, fraction = text.removesuffix("Z").partition(".")
    moment = datetime.strptime(seconds, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)  # noqa: UP017
    return moment.replace(microsecond=int(fraction[:6].ljust(6, "0")) if fraction else 0)
