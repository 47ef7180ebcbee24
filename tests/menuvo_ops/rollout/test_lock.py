"""Who is at work: told to everybody, and free as soon as nobody is, however they went."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.errors import LockHeld
from menuvo_ops.rollout.lock import Lock, holder

_HOLD = """
import subprocess, sys
from pathlib import Path
from menuvo_ops.rollout.lock import Lock
lock = Lock(Path(sys.argv[1]), "somebody@elsewhere").take()
lock.note("replace platform-a")
child = subprocess.Popen(["cat"], stdin=0, stdout=subprocess.DEVNULL, pass_fds=(lock.descriptor,))
print(child.pid, flush=True)
child.wait()
"""


@contextmanager
def held(file: Path) -> Generator[subprocess.Popen[str]]:
    """By another process and by what it has started, which ends with its input."""
    pipe = subprocess.PIPE
    argv = [sys.executable, "-c", _HOLD, str(file)]
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield process
        finally:
            assert process.stdin
            process.stdin.close()


def test_who_comes_second_is_told_by_whom_since_when_and_at_which_step(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with held(file) as process, pytest.raises(LockHeld) as refusal:
        Lock(file, "me").take()
    told = refusal.value.message
    assert refusal.value.exit_code == 4
    assert f"somebody@elsewhere (process {process.pid}) since 20" in told
    assert "replace platform-a" in told
    assert "menuvo deploy status" in refusal.value.hint


def test_the_lock_is_free_after_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with Lock(file, "me").take():
        owner = holder(file)
        assert owner
        assert (owner.who, owner.process, owner.doing) == ("me", os.getpid(), "beginning")
        assert owner.lives
    assert holder(file) is None
    with Lock(file, "another").take():
        pass


def test_what_a_killed_owner_has_started_keeps_the_lock_until_it_ends(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with held(file) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        owner = holder(file)
        assert owner
        assert not owner.lives
        with pytest.raises(LockHeld):
            Lock(file, "me").take()
    eventually(lambda: holder(file) is None)
    with Lock(file, "me").take():
        pass


def test_a_shorter_note_leaves_nothing_of_a_longer_one(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with Lock(file, "me").take() as lock:
        lock.note("a long sentence about what is being done at this moment")
        lock.note("short")
        assert json.loads(file.read_text())["doing"] == "short"


def test_a_lock_whose_owner_cannot_be_read_still_holds(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with Lock(file, "me").take():
        file.write_text('{"who": "m')
        with pytest.raises(LockHeld, match="unknown"):
            Lock(file, "another").take()


def test_nobody_holds_a_lock_that_never_was(tmp_path: Path) -> None:
    assert holder(tmp_path / "lock") is None
