"""What a run of the bed stood on, so that nobody takes a stand-in for the real thing."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Report:
    engine: str = ""
    standins: tuple[str, ...] = ()
    not_run: tuple[str, ...] = ()
    phases: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Generator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.phases[name] = time.monotonic() - began

    def lines(self) -> list[str]:
        phases = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.phases.items())
        standins = ", ".join(self.standins)
        return [
            f"engine: {self.engine}",
            f"stand-ins in the place of official images: {standins}"
            if standins
            else "images: the official ones",
            *(f"not run: {reason}" for reason in self.not_run),
            f"phases: {phases}; together {sum(self.phases.values()):.1f} s",
        ]
