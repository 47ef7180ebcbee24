"""The screen, for people: what is wrong stands out, and below it what mends it, in one line that
can be copied."""

import shutil
import textwrap
from collections.abc import Iterable, Sequence

from menuvo_ops.doctor.finding import Status
from menuvo_ops.logs.harmless import harmless
from menuvo_ops.overview.parts import Part

# Longer lines are not read; a terminal that does not say its width is taken for one so wide.
_WIDEST = 110
_NARROWEST = 40
_MARKS: "dict[Status, str]" = {"ok": "\u2713", "warn": "!", "fail": "\u2717", "skipped": "-"}
_COLOURS: "dict[Status, str]" = {"ok": "32", "warn": "33", "fail": "31", "skipped": "90"}


def as_table(rows: "Sequence[Sequence[str]]") -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def as_lines(parts: "Iterable[Part]", *, colours: bool) -> str:
    found = list(parts)
    width = max((len(one.title) for one in found), default=0)
    return "\n".join(_told(one, width, colours=colours) for one in found)


def _told(part: Part, width: int, *, colours: bool) -> str:
    mark = _MARKS[part.status]
    if colours:
        mark = f"\x1b[{_COLOURS[part.status]}m{mark}\x1b[0m"
    told = _wrapped(part.told, indent=width + 4)
    line = f"{mark} {part.title:<{width}}  {told}"
    return f"{line}\n{' ' * (width + 4)}\u2192 {part.fix}" if part.fix else line


def _wrapped(told: str, *, indent: int) -> str:
    columns = min(shutil.get_terminal_size((_WIDEST, 0)).columns, _WIDEST)
    width = max(columns - indent, _NARROWEST)
    lines = [line for one in told.splitlines() for line in textwrap.wrap(harmless(one), width)]
    return f"\n{' ' * indent}".join(lines)
