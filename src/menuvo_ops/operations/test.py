"""`menuvo test`: the gates, then the tests; what is left out is said."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from rich.markup import escape

from menuvo_ops.commands import pytest
from menuvo_ops.commands.gates import Gate, gates
from menuvo_ops.commands.pytest import Tier
from menuvo_ops.errors import CheckFailed, CommandFailed
from menuvo_ops.local import binaries, redis
from menuvo_ops.local.browser import VARIABLE, provide_browser
from menuvo_ops.local.checked import find_sources
from menuvo_ops.local.paths import Clone
from menuvo_ops.runner import hand_over, run
from menuvo_ops.terminal import talk

# A shell that forbids compiled files, as those of containers do, would have every process compile
# all tests and the platform anew.
_COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": ""}


def test(clone: Clone, *, fast: bool, arguments: list[str]) -> None:
    """Raises CheckFailed when a gate is closed or a test fails.

    Somebody who names tests wants just those, now.
    """
    chosen = [argument for argument in arguments if not argument.startswith("-")]
    if chosen:
        talk.print("Left out: the gates, because tests were named.")
    else:
        _pass_gates(clone, fast=fast)
    whole = pytest.NAMED if arguments else pytest.DEFAULT
    _run_tests(clone, pytest.FAST if fast else whole, arguments, browser=not fast and not chosen)


def test_system(clone: Clone, *, everything: bool, arguments: list[str]) -> None:
    """The whole stack, and production's containers on the test bed, which the first test that
    needs it starts from nothing; what it stood on and how long it took is told at the end."""
    tier = pytest.ALL_OF_SYSTEM if everything else pytest.SYSTEM
    _run_tests(clone, tier, arguments, browser=True)


def _run_tests(clone: Clone, tier: Tier, arguments: list[str], *, browser: bool) -> None:
    environment = _prepare(clone, browser=browser) | _COMPILED_ONCE
    talk.print(tier.left_out)
    codes: list[int] = []
    for part in tier.parts:
        argv = pytest.tests(Path(sys.executable), part, arguments)
        codes.append(hand_over(argv, cwd=clone.root, env=environment))
        if codes[-1] not in {0, pytest.TESTS_FAILED}:
            break
    if pytest.NO_TEST_RAN in codes:
        raise CheckFailed("No test was chosen.", hint="Is the expression after -k right?")
    if any(codes):
        raise CheckFailed(f"The tests failed (exit code {max(codes)} of pytest).")


def _pass_gates(clone: Clone, *, fast: bool) -> None:
    asked = gates(Path(sys.executable).parent, find_sources(clone.root), fast=fast)
    with talk.status("Gates"), ThreadPoolExecutor(os.cpu_count()) as pool:
        passed = list(pool.map(partial(_pass, clone), asked))
    closed = [gate for gate, open_ in zip(asked, passed, strict=True) if not open_]
    if closed:
        remedies = " && ".join(gate.remedy for gate in closed if gate.remedy)
        raise CheckFailed(
            f"Closed gates: {', '.join(gate.name for gate in closed)}.",
            hint=f"This may mend it: {remedies}" if remedies else "",
        )


def _pass(clone: Clone, gate: Gate) -> bool:
    began = time.monotonic()
    try:
        run(gate.argv, what=gate.name, cwd=clone.root, last_lines=None)
    except CommandFailed as failure:
        talk.print(f"[red]{gate.name}[/]\n{escape(failure.hint)}")
        return False
    talk.print(f"[green]{gate.name:<15}[/] open [dim]after {time.monotonic() - began:.1f} s[/]")
    return True


def _prepare(clone: Clone, *, browser: bool) -> dict[str, str]:
    """Everything that tests need and do not start themselves; returns the variables to add."""
    with talk.status("Preparing"):
        binaries.provide(clone.packages, talk.print)
        redis.provide(clone.packages, talk.print)
        return {VARIABLE: str(provide_browser(talk.print))} if browser else {}
