"""What is under way, step by step, on disk before and after each: a run that is cut off anywhere
is finished or undone by the next one."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypedDict, cast

from menuvo_ops.rollout.clock import now

Mark = Literal["begun", "done", "failed", "undoing", "undone"]
Marks = Mapping[str, Mark]
Verb = Literal["deploy", "rollback", "rotation", "restore", "rebuild"]
Options = Mapping[str, "bool | float | str"]


class _Opening(TypedDict):
    at: str
    verb: Verb
    release: int
    previous: int | None
    options: "dict[str, bool | float | str]"


class _Line(TypedDict):
    at: str
    step: str
    mark: Mark


@dataclass(frozen=True)
class Entry:
    """Which release takes the place of which, and how far that has come."""

    verb: Verb
    release: int
    previous: int | None
    opened_at: str
    options: Options = field(default_factory=dict[str, "bool | float | str"])
    # The last mark of each step, in the order in which they were first begun.
    steps: Marks = field(default_factory=dict[str, Mark])

    @property
    def told(self) -> str:
        backup, at = self.options.get("backup"), self.options.get("at")
        if self.verb == "restore":
            if at:
                return f"restore of the database of {at}"
            return f"restore of backup {backup}" if backup else "restore of what was kept"
        if self.verb == "rebuild":
            return f"rebuild with the database of {at}" if at else f"rebuild from backup {backup}"
        return f"{self.verb} of release {self.release}"

    @property
    def at_step(self) -> str:
        return next(reversed(list(self.steps)), "the beginning")

    @property
    def what_to_do(self) -> str:
        """About one that was cut off."""
        if self.verb == "restore":
            finishes = "takes back what is left of it" if self.is_undoing else "finishes it"
            return f"menuvo restore again {finishes}; menuvo rollback takes it back."
        if self.verb == "rebuild" and not self.is_undoing:
            return "The same rebuild again finishes it; menuvo rollback takes it back."
        if self.is_undoing:
            verb = "env rotate" if self.verb == "rotation" else self.verb
            return f"menuvo {verb} first takes back what is left of it."
        if self.verb == "rotation":
            return "The same menuvo env rotate again finishes it; menuvo rollback takes it back."
        if self.verb == "rollback":
            return "menuvo rollback again finishes it; a deploy takes it back first."
        return "The same deploy again finishes it; menuvo rollback takes it back."

    @property
    def is_undoing(self) -> bool:
        return any(mark in {"failed", "undoing", "undone"} for mark in self.steps.values())


class Journal:
    def __init__(self, file: Path) -> None:
        self.file: Path = file

    def open(
        self,
        verb: Verb,
        release: int,
        previous: int | None,
        options: Options,
    ) -> None:
        opening = _Opening(
            at=now(), verb=verb, release=release, previous=previous, options=dict(options)
        )
        # What an earlier run left here never came to anything, or it would have been ended first.
        self.file.unlink(missing_ok=True)
        self._append(dict(opening))

    def mark(self, step: str, mark: Mark) -> None:
        self._append({"at": now(), "step": step, "mark": mark})

    def close(self, kept_as: Path) -> None:
        """Nothing is under way any more; what was done stays readable."""
        self.file.replace(kept_as)

    def read(self) -> Entry | None:
        """None when nothing is under way. A last line that was cut off is no line."""
        lines = _lines(self.file)
        if not lines:
            return None
        opening = cast("_Opening", cast("object", lines[0]))
        steps: dict[str, Mark] = {}
        for line in cast("list[_Line]", cast("object", lines[1:])):
            steps[line["step"]] = line["mark"]
        return Entry(
            opening["verb"],
            opening["release"],
            opening["previous"],
            opening["at"],
            opening["options"],
            steps,
        )

    def _append(self, line: Mapping[str, object]) -> None:
        # A line that a power cut left without its end must not swallow this one.
        start = "" if _ends_whole(self.file) else "\n"
        with self.file.open("a") as to:
            to.write(start + json.dumps(line) + "\n")
            to.flush()
            os.fsync(to.fileno())


def _ends_whole(file: Path) -> bool:
    return not file.exists() or file.read_bytes()[-1:] in {b"", b"\n"}


def _lines(file: Path) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = []
    if file.exists():
        for text in file.read_text().splitlines():
            with suppress(ValueError):
                lines.append(cast("dict[str, object]", json.loads(text)))
    return lines
