"""What must be true of the code before any test runs."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Gate:
    name: str
    argv: list[str]
    # The command that mends it, where there is one.
    remedy: str = ""


def gates(programs: Path, *, templates: list[Path]) -> list[Gate]:
    """`programs` is the folder of the developer's tools; djlint fails when it is given nothing."""
    run = {
        name: str(programs / name) for name in ("ruff", "basedpyright", "lint-imports", "djlint")
    }
    found = [
        Gate("format", [run["ruff"], "format", "--check"], ".venv/bin/ruff format"),
        Gate("lint", [run["ruff"], "check"], ".venv/bin/ruff check --fix"),
        Gate("layers", [run["lint-imports"]]),
        Gate("types", [run["basedpyright"]]),
    ]
    if templates:
        argv = [run["djlint"], "--lint", "--quiet", *map(str, templates)]
        found.insert(3, Gate("templates", argv))
    return found
