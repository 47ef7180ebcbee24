"""`menuvo doctor` on what `./menuvo up` runs: quiet while all is well, and right otherwise."""

import json
import os
import signal
import subprocess

import pytest

from tests.menuvo_ops.waiting import eventually
from tests.system.clone import Stack

pytestmark = pytest.mark.core


def doctor(stack: Stack) -> tuple[int, dict[str, dict[str, str]]]:
    done = subprocess.run(
        [str(stack.root / "menuvo"), "doctor", "--json"],
        cwd=stack.root,
        stdout=subprocess.PIPE,
        check=False,
    )
    return done.returncode, {one["name"]: one for one in json.loads(done.stdout)}


def test_a_stack_that_is_well_has_no_fault(stack: Stack) -> None:
    exit_code, found = doctor(stack)
    faults = {name: one["found"] for name, one in found.items() if one["status"] == "fail"}
    assert (exit_code, faults) == (0, {})
    assert len(found) >= 20


def test_a_worker_that_hangs_and_what_it_leaves_undone_are_found(stack: Stack) -> None:
    worker = stack.service("worker-imports")["pid"]
    os.kill(worker, signal.SIGSTOP)
    try:
        eventually(lambda: stack.service("worker-imports")["state"] != "healthy", within=60)
        exit_code, found = doctor(stack)
        assert exit_code == 3
        assert found["services"]["status"] == "fail"
        assert "worker-imports is" in found["services"]["found"]
        assert "./menuvo logs worker-imports" in found["services"]["fix"]
    finally:
        os.kill(worker, signal.SIGCONT)
    eventually(lambda: stack.service("worker-imports")["state"] == "healthy", within=60)
