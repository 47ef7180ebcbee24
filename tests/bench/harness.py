"""What every benchmark answers: named figures, each with the target it has to reach."""

import json
from collections.abc import Iterable, Sequence
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
        value = f"{one.value:,}" if isinstance(one.value, int) else f"{one.value:,.4g}"
        table.add_row(one.name, f"{value} {one.unit}", target, verdict)
    return table


def report(name: str, measurements: Sequence[Measurement], *, machine_readable: bool) -> int:
    """Prints the figures; 3 when a target is missed, else 0."""
    if machine_readable:
        print(as_json(measurements))
    else:
        Console().print(as_table(f"bench {name}", measurements))
    return 0 if all(one.ok for one in measurements) else TARGET_MISSED


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not exceeded by that share of all (nearest rank)."""
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * round(share * 1000) // 1000))
    return ordered[rank - 1]
