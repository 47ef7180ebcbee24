"""New values of secrets that only an operator can bring, as they come in without being seen."""

import getpass
import sys
from collections.abc import Mapping
from pathlib import Path

from menuvo_ops.environment.checks import judge
from menuvo_ops.environment.merging import by_todays_names
from menuvo_ops.environment.reading import read_without_mistakes
from menuvo_ops.environment.rotations import Rotation
from menuvo_ops.environment.values import text
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.errors import Usage


def bring(rotation: Rotation, file: Path | None) -> Mapping[str, str]:
    """Out of `file`, else typed blindly at a terminal, else a line each from what is piped in. A
    secret in an argument would stand in the list of processes and in the shell's history."""
    brought = _read(rotation, file) if file else {name: _ask(name) for name in rotation.names}
    for name, value in brought.items():
        variable = VARIABLES[name]
        problem = judge(variable, value) if value else "is missing"
        if problem:
            raise Usage(f"{name} {problem}.", hint=f"It looks like: {variable.looks_like}.")
    return brought


def _read(rotation: Rotation, file: Path) -> dict[str, str]:
    values = by_todays_names(read_without_mistakes(file)).values
    return {name: text(values, name) for name in rotation.names}


def _ask(name: str) -> str:
    typed = getpass.getpass(f"The new {name}: ") if sys.stdin.isatty() else sys.stdin.readline()
    return typed.strip()
