"""What must be true of the code before any test runs."""

from dataclasses import dataclass, field
from pathlib import Path

_TOOLS = ("ruff", "basedpyright", "lint-imports", "djlint", "shellcheck", "hadolint", "yamllint")


@dataclass(frozen=True)
class Gate:
    name: str
    argv: list[str]
    # The command that mends it, where there is one.
    remedy: str = ""


@dataclass(frozen=True)
class Sources:
    """What is not Python. Their tools fail when they are given nothing."""

    # Folders.
    templates: list[Path] = field(default_factory=list[Path])
    scripts: list[Path] = field(default_factory=list[Path])
    containers: list[Path] = field(default_factory=list[Path])
    documents: list[Path] = field(default_factory=list[Path])


def gates(programs: Path, sources: Sources, *, fast: bool = False) -> list[Gate]:
    """`programs` is the folder of the developer's tools. `fast` leaves out the types, which take
    longer than all the others together."""
    run = {name: str(programs / name) for name in _TOOLS}
    asked = [
        Gate("format", [run["ruff"], "format", "--check"], ".venv/bin/ruff format"),
        Gate("lint", [run["ruff"], "check"], ".venv/bin/ruff check --fix"),
        Gate("layers", [run["lint-imports"]]),
    ]
    if not fast:
        asked.append(Gate("types", [run["basedpyright"]]))
    for name, argv, paths in (
        ("templates", [run["djlint"], "--lint", "--quiet"], sources.templates),
        ("scripts", [run["shellcheck"]], sources.scripts),
        ("containers", [run["hadolint"], "--no-color"], sources.containers),
        ("yaml", [run["yamllint"], "--strict"], sources.documents),
    ):
        if paths:
            asked.append(Gate(name, [*argv, *map(str, paths)]))
    return asked
