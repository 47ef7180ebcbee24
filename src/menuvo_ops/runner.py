"""Runs other programs to their end."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from menuvo_ops.errors import CommandFailed, MissingProgram

_LAST_LINES = 8


def run(
    argv: list[str],
    *,
    what: str,
    stdin: str = "",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    last_lines: int | None = _LAST_LINES,
) -> str:
    """Return what the program printed.

    Raises CommandFailed, with the `last_lines` of its output as hint (None for all of it); `what`
    names the step in the sentence.
    """
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
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        hint = "\n".join(lines if last_lines is None else lines[-last_lines:])
        raise CommandFailed(f"{what} failed (exit code {done.returncode}).", hint=hint)
    return done.stdout


def hand_over(argv: list[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> int:
    """Let a program have the terminal, and Ctrl-C to itself; returns its exit code."""
    before = signal.signal(signal.SIGINT, _leave_it_to_the_program)
    try:
        done = subprocess.run(argv, cwd=cwd, env={**os.environ, **(env or {})}, check=False)
    finally:
        signal.signal(signal.SIGINT, before)
    return done.returncode


def _leave_it_to_the_program(_number: int, _frame: FrameType | None) -> None:
    """Unlike an ignored signal, a handler is not inherited by what we start."""
