"""What is secret lies in a file for as long as a run lasts, and no longer."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from menuvo_backup.private import private_file

UNTIL_KILLED = """
import time
from menuvo_backup.private import private_file
with private_file("the-secret") as file:
    print(file, flush=True)
    time.sleep(600)
"""


def test_nobody_else_may_read_it_and_it_is_gone_afterwards() -> None:
    with private_file("the-secret") as file:
        assert file.read_text() == "the-secret"
        assert file.stat().st_mode & 0o077 == 0
        assert file.parent.stat().st_mode & 0o077 == 0
    assert not file.parent.exists()


def test_what_a_killed_run_left_goes_with_the_next_and_what_another_needs_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    argv = [sys.executable, "-c", UNTIL_KILLED]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        left = Path(other.stdout.readline().strip())
        with private_file("ours"):
            assert left.exists()
        other.send_signal(signal.SIGKILL)
    assert left.read_text() == "the-secret"
    with private_file("ours"):
        assert not left.parent.exists()
