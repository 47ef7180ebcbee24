"""Runs a program to its end and turns a failure into a sentence."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from menuvo_ops.errors import CommandFailed, MissingProgram

_LAST_LINES = 8


def run(
    argv: list[str],
    *,
    what: str,
    stdin: str = "",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> str:
    """Return what the program printed; `what` names the step in the error's sentence."""
    try:
        done = subprocess.run(
            argv,
            input=stdin,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise MissingProgram(f"{what}: the program {argv[0]} is not on this machine.") from error
    if done.returncode != 0:
        output = (done.stderr.strip() or done.stdout.strip()).splitlines()[-_LAST_LINES:]
        raise CommandFailed(f"{what} failed (exit code {done.returncode}).", hint="\n".join(output))
    return done.stdout
