"""Programs that a rollout runs: asked to stop once, and heard whatever they say."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.errors import CommandFailed, Interrupted
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.shell import Shell

# Takes a while to stop, as a migration does that rolls back, and counts how often it was asked.
_SLOW_TO_STOP = """
import signal, sys, time
from pathlib import Path
asked = []
signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
Path(sys.argv[1]).touch()
while not asked:
    time.sleep(0.05)
end = time.monotonic() + 2
while time.monotonic() < end:
    time.sleep(0.05)
print(len(asked))
Path(sys.argv[2]).write_text(str(len(asked)))
"""


@pytest.fixture
def shell() -> Shell:
    return Shell(dict(os.environ))


def test_what_is_interrupted_is_asked_to_stop_once_and_waited_for(
    shell: Shell, tmp_path: Path
) -> None:
    started, counted = tmp_path / "started", tmp_path / "counted"
    interruption = Interruption()

    def interrupt() -> None:
        eventually(started.exists)
        interruption.report("Ctrl-C")

    threading.Thread(target=interrupt, daemon=True).start()
    argv = [sys.executable, "-c", _SLOW_TO_STOP, str(started), str(counted)]
    with pytest.raises(Interrupted):
        shell.run(argv, what="A slow one", interruption=interruption)
    assert counted.read_text() == "1"


def test_each_line_is_heard_while_the_program_goes_on(shell: Shell, tmp_path: Path) -> None:
    """It waits for what only whoever heard its first line does."""
    heard_it = tmp_path / "heard"
    script = (
        "import sys, time; from pathlib import Path\n"
        "print('one', flush=True); sys.stderr.write('oh\\n')\n"
        "while not Path(sys.argv[1]).exists(): time.sleep(0.01)\n"
        "print('two'); sys.exit(3)"
    )
    heard: list[str] = []

    def hear(line: str) -> None:
        heard.append(line)
        heard_it.touch()

    argv = [sys.executable, "-c", script, str(heard_it)]
    assert shell.follow(argv, what="It", hear=hear, seconds=20) == (3, "oh")
    assert heard == ["one", "two"]


def test_what_is_followed_is_asked_to_stop_once_too(shell: Shell, tmp_path: Path) -> None:
    started, counted = tmp_path / "started", tmp_path / "counted"
    interruption = Interruption()

    def interrupt() -> None:
        eventually(started.exists)
        interruption.report("Ctrl-C")

    threading.Thread(target=interrupt, daemon=True).start()
    argv = [sys.executable, "-c", _SLOW_TO_STOP, str(started), str(counted)]
    heard: list[str] = []
    code, _ = shell.follow(
        argv, what="A slow one", hear=heard.append, seconds=60, interruption=interruption
    )
    assert (code, heard, counted.read_text()) == (0, ["1"], "1")


def test_what_is_followed_beyond_its_time_is_killed(shell: Shell) -> None:
    argv = [sys.executable, "-c", f"import signal; signal.sigwait([{int(signal.SIGTERM)}])"]
    with pytest.raises(CommandFailed, match="A deaf one did not end within 1 s"):
        shell.follow(argv, what="A deaf one", hear=lambda _line: None, seconds=1)


def test_a_log_that_is_no_text_is_heard_all_the_same(shell: Shell) -> None:
    argv = [sys.executable, "-c", "import sys; sys.stdout.buffer.write(b'ok \\xff')"]
    assert shell.output(argv).startswith("ok ")


def test_words_that_do_not_come_are_not_waited_for(shell: Shell) -> None:
    argv = [sys.executable, "-c", f"import signal; signal.sigwait([{int(signal.SIGTERM)}])"]
    assert shell.output(argv, seconds=1) == ""


def test_what_does_not_end_in_time_is_killed_and_told(shell: Shell) -> None:
    argv = [sys.executable, "-c", f"import signal; signal.sigwait([{int(signal.SIGTERM)}])"]
    with pytest.raises(CommandFailed, match="A deaf one did not end within 1 s"):
        shell.run(argv, what="A deaf one", seconds=1)


def test_what_is_typed_is_read_and_stands_in_no_list_of_processes(shell: Shell) -> None:
    # It takes longer than we look away.
    source = "import sys, time; time.sleep(1.2); print(sys.stdin.read(), sys.argv)"
    printed = shell.run([sys.executable, "-c", source], what="Reading", typed="secret")
    assert printed.startswith("secret ")
    assert printed.count("secret") == 1
