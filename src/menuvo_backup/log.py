"""One JSON object a line on stdout: `docker logs` shows it to people, and machines can read it."""

import sys
from datetime import UTC, datetime

import msgspec


def info(event: str, **facts: object) -> None:
    _write("info", event, facts)


def warning(event: str, **facts: object) -> None:
    _write("warning", event, facts)


def error(event: str, **facts: object) -> None:
    _write("error", event, facts)


def _write(level: str, event: str, facts: dict[str, object]) -> None:
    line = {"timestamp": datetime.now(UTC), "level": level, "event": event, **facts}
    _ = sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()
