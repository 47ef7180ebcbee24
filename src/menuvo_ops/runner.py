"""Runs other programs to their end."""

import os
import signal
import subprocess
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO, cast

from menuvo_ops.commands import process
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


def follow(
    argv: list[str],
    *,
    what: str,
    hear: Callable[[str], None],
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> None:
    """Hear each line that the program prints when it comes. It ends with us, however we end, and
    whatever it has started ends with it.

    Raises CommandFailed, with the last lines as hint; `what` names the step in the sentence.
    """
    last: deque[str] = deque(maxlen=_LAST_LINES)
    with subprocess.Popen(
        process.tethered(argv, "KILL"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd=cwd,
        env={**os.environ, **(env or {})},
        start_new_session=True,
    ) as started:
        try:
            for line in cast("IO[str]", started.stdout):
                last.append(line.rstrip("\n"))
                hear(last[-1])
            code = started.wait()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
    if code != 0:
        raise CommandFailed(f"{what} failed (exit code {code}).", hint="\n".join(last))


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
