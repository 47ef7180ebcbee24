"""When a recovery file was last written, and of which environment: its hash, and none of it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import cast

from menuvo_ops.environment.writing import write
from menuvo_ops.recovery.content import Recovery
from menuvo_ops.rollout.archive import Archive

# Each deploy writes these, and a rebuild can be told another release.
_OF_THE_RELEASE = {"VERSION", "PLATFORM_IMAGE", "CADDY_IMAGE", "BACKUP_IMAGE"}


@dataclass(frozen=True)
class Remembered:
    at: str
    environment: str
    # A release from before this schema cannot run on today's backups.
    schema: str


def fingerprint(recovery: Recovery) -> str:
    values = {**recovery.source.values, **recovery.source.unknown}
    facts = {
        "values": {
            name: value.reveal()
            for name, value in values.items()
            if value and name not in _OF_THE_RELEASE
        },
        "files": dict(recovery.files),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def remember(archive: Archive, recovery: Recovery, *, at: str) -> None:
    current = archive.current()
    schema = current.schema.head if current else ""
    facts = asdict(Remembered(at, fingerprint(recovery), schema))
    archive.provide()
    write(archive.root / "recovery.json", json.dumps(facts).encode(), mode=0o600)


def read(archive: Archive) -> "Remembered | None":
    """None where none was written from here, or nobody can tell any more."""
    try:
        facts = cast("dict[str, str]", json.loads((archive.root / "recovery.json").read_text()))
        return Remembered(facts["at"], facts["environment"], facts["schema"])
    except (OSError, ValueError, KeyError):
        return None


def complaint(archive: Archive, recovery: Recovery) -> str:
    """Why there is a file to write; empty where the last one is still true."""
    last, current = read(archive), archive.current()
    todo = "On your own machine: ./menuvo recovery write --host deploy@THIS-SERVER"
    if last is None:
        return f"No recovery file was written: without one a lost server cannot be rebuilt. {todo}"
    day = last.at[: len("2026-11-28")]
    if last.environment != fingerprint(recovery):
        return f"The recovery file of {day} is older than the environment. {todo}"
    if current is not None and current.schema.head > last.schema:
        return (
            f"The recovery file of {day} names a release of schema {last.schema}, and the database"
            f" is at {current.schema.head}. {todo}"
        )
    return ""
