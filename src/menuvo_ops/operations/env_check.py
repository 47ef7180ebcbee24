"""`menuvo env check`: every mistake at once."""

import json

from rich.markup import escape

from menuvo_ops.containers.memory import find_memory_trouble
from menuvo_ops.environment import Deployment, examine
from menuvo_ops.environment.findings import as_facts
from menuvo_ops.terminal import data

_COLOURS = {"error": "red", "warning": "yellow"}


def check(deployment: Deployment, *, as_json: bool) -> int:
    """Return the exit code: 1 when something must be mended."""
    environment = examine(deployment)
    trouble = find_memory_trouble(environment)
    found = (*environment.findings, *([trouble] if trouble else []))
    errors = [finding for finding in found if finding.severity == "error"]
    warnings = [finding for finding in found if finding.severity == "warning"]
    if as_json:
        data.print_json(json.dumps(as_facts(deployment.env_file, found)))
    else:
        for finding in (*errors, *warnings):
            told = f"[{_COLOURS[finding.severity]}]{finding.severity:<8}[/]{escape(str(finding))}"
            data.print(told, soft_wrap=True)
        data.print(escape(_summary(deployment, len(errors), len(warnings))), soft_wrap=True)
    return 1 if errors else 0


def _summary(deployment: Deployment, errors: int, warnings: int) -> str:
    if errors:
        return (
            f"{deployment.env_file}: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}"
        )
    also = f", {_counted(warnings, 'warning')}" if warnings else ""
    return f"{deployment.env_file} is complete{also}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
