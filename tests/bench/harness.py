"""What every benchmark answers: named figures, each with the target it has to reach."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from rich.console import Console
from rich.table import Table

TARGET_MISSED = 3


@dataclass(frozen=True)
class Measurement:
    name: str
    value: float
    unit: str
    better: Literal["lower", "higher"]
    target: float | None = None
    """None for a figure that explains another one."""

    @property
    def shown(self) -> str:
        return f"{self.value:,}" if isinstance(self.value, int) else f"{self.value:,.4g}"

    @property
    def ok(self) -> bool:
        if self.target is None:
            return True
        if self.better == "lower":
            return self.value <= self.target
        return self.value >= self.target


def as_json(measurements: Iterable[Measurement]) -> str:
    return json.dumps([{**asdict(one), "ok": one.ok} for one in measurements], indent=2)


def as_table(title: str, measurements: Iterable[Measurement]) -> Table:
    table = Table("figure", "value", "target", "", title=title, title_justify="left")
    for one in measurements:
        sign = "at most" if one.better == "lower" else "at least"
        target = "" if one.target is None else f"{sign} {one.target:g} {one.unit}"
        verdict = "" if one.target is None else "[green]ok[/]" if one.ok else "[red]missed[/]"
        table.add_row(one.name, f"{one.shown} {one.unit}", target, verdict)
    return table


def report(name: str, measurements: Iterable[Measurement], *, machine_readable: bool) -> int:
    """Prints the figures; 3 when a target is missed, else 0."""
    figures = list(_told(measurements))
    if machine_readable:
        print(as_json(figures))
    else:
        Console().print(as_table(f"bench {name}", figures))
    return 0 if all(one.ok for one in figures) else TARGET_MISSED


def _told(measurements: Iterable[Measurement]) -> Iterator[Measurement]:
    """Each as soon as it is there: a benchmark that ends early has said what it found."""
    for one in measurements:
        print(f"{one.name}: {one.shown} {one.unit}", file=sys.stderr, flush=True)
        yield one


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not exceeded by that share of all (nearest rank)."""
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * round(share * 1000) // 1000))
    return ordered[rank - 1]
