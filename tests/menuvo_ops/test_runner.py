import subprocess
import sys
from pathlib import Path

import pytest
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.errors import CommandFailed, MissingProgram
from menuvo_ops.runner import follow, hand_over, run

HALF_DEAF = """
import os, signal, sys
from pathlib import Path
from menuvo_ops.runner import hand_over
kills = "os.kill(os.getppid(), signal.SIGINT); os.kill(os.getpid(), signal.SIGINT)"
child = f"import os, signal; signal.signal(signal.SIGINT, signal.SIG_DFL); {kills}"
sys.exit(7 if hand_over([sys.executable, "-c", child], cwd=Path()) == -signal.SIGINT else 1)
"""


def python(source: str) -> list[str]:
    return [sys.executable, "-c", source]


def test_what_a_program_prints_is_returned() -> None:
    assert run(python("print(input())"), what="Echo", stdin="hello\n") == "hello\n"


def test_a_failure_names_the_step_and_shows_the_last_lines() -> None:
    source = "import sys; [print(n, file=sys.stderr) for n in range(20)]; sys.exit(3)"
    with pytest.raises(CommandFailed, match=r"Counting failed \(exit code 3\)") as failure:
        run(python(source), what="Counting", last_lines=2)
    assert failure.value.hint == "18\n19"


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingProgram, match="Sailing: the program no-such-boat"):
        run(["no-such-boat"], what="Sailing")


def test_an_exit_code_is_handed_back(tmp_path: Path) -> None:
    assert hand_over(python("raise SystemExit(3)"), cwd=tmp_path) == 3


def test_an_interrupt_ends_the_program_and_not_the_one_who_waits_for_it() -> None:
    assert subprocess.run(python(HALF_DEAF), check=False).returncode == 7


def test_each_line_is_heard_and_a_failure_shows_the_last() -> None:
    heard: list[str] = []
    source = "import sys; print('first'); print('why', file=sys.stderr, flush=True); sys.exit(3)"
    with pytest.raises(CommandFailed, match=r"Counting failed \(exit code 3\)") as failure:
        follow(python(source), what="Counting", hear=heard.append)
    assert sorted(heard) == ["first", "why"]
    assert "why" in failure.value.hint


def test_what_a_followed_program_has_started_ends_when_it_is_not_waited_for(
    tmp_path: Path,
) -> None:
    """As npm starts others, which go on when it alone is stopped."""
    child = "import subprocess; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True)"

    def leave(line: str) -> None:
        (tmp_path / "pid").write_text(line)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(python(f"{child}; p.wait()"), what="Waiting", hear=leave)
    status = Path("/proc", (tmp_path / "pid").read_text(), "status")
    eventually(lambda: not status.exists() or "zombie" in status.read_text())
