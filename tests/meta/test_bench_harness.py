import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench.__main__ import main
from tests.bench.harness import Measurement, as_json, percentile, report
from tests.bench.measuring.memory import Peak, counters_of
from tests.bench.measuring.processes import cpu_seconds, watched
from tests.menuvo_ops.waiting import eventually

FAST = Measurement("time", 2.0, "s", "lower", 3.0)
SLOW = Measurement("time", 4.0, "s", "lower", 3.0)


def test_a_missed_target_is_an_exit_code_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert report("x", [FAST], machine_readable=True) == 0
    assert report("x", [FAST, SLOW], machine_readable=False) == 3
    assert "missed" in capsys.readouterr().out


def test_json_stands_alone_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    report("x", [FAST], machine_readable=True)
    assert json.loads(capsys.readouterr().out) == [
        {"name": "time", "value": 2.0, "unit": "s", "better": "lower", "target": 3.0, "ok": True}
    ]


def test_what_was_found_before_a_benchmark_broke_was_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken() -> Iterator[Measurement]:
        yield FAST
        raise ConnectionError

    with pytest.raises(ConnectionError):
        report("x", broken(), machine_readable=True)
    assert capsys.readouterr().err == "time: 2 s\n"


def test_more_is_better_when_it_says_so() -> None:
    assert Measurement("rate", 5, "1/s", "higher", 5).ok
    assert not Measurement("rate", 4, "1/s", "higher", 5).ok
    assert '"ok": true' in as_json([Measurement("note", 4, "s", "lower")])


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([3, 1, 2, 4], 0.5) == 2
    assert percentile([5], 0.95) == 5
    assert percentile(list(range(1, 101)), 0.95) == 95


def test_counts_are_shown_to_the_last_digit(capsys: pytest.CaptureFixture[str]) -> None:
    report("x", [Measurement("orders", 612_345, "", "higher")], machine_readable=False)
    assert "612,345" in capsys.readouterr().out


def test_a_benchmark_that_fills_nothing_has_no_size(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["bench", "spine", "--megabytes", "50"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "spine has no --megabytes; archive and backup have." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("groups", "folder", "anonymous", "most"),
    [
        ("0::/docker/abc\n", "docker/abc", "anon", "memory.peak"),
        (
            "4:memory:/menuvo/abc\n1:name=systemd:/elsewhere\n0::/menuvo/abc\n",
            "memory/menuvo/abc",
            "total_rss",
            "memory.max_usage_in_bytes",
        ),
    ],
    ids=["version 2", "version 1"],
)
def test_the_memory_of_a_container_is_read_from_its_group(
    groups: str, folder: str, anonymous: str, most: str, tmp_path: Path
) -> None:
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / most).write_text("9000\n")
    counters, peak = counters_of(groups, tmp_path), Peak()
    for held in (5000, 3000):
        (tmp_path / folder / "memory.stat").write_text(f"file 7000\n{anonymous} {held}\n")
        counters.note(peak)
    assert peak == Peak(anonymous=5000, everything=9000)


@contextmanager
def parent_of(program: str) -> Generator["subprocess.Popen[str]"]:
    """Something that runs a program of Python to its end, says so, and then waits to be told."""
    told = [sys.executable, "-c", program]
    script = f"import subprocess; subprocess.run({told}); print('done', flush=True); input()"
    argv = [sys.executable, "-c", script]
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_processor_time_of_children_that_have_ended_counts() -> None:
    spend = "import time\nwhile time.process_time() < 0.5: pass"
    with parent_of(spend) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
        assert cpu_seconds([process.pid]) >= 0.5


def test_memory_of_children_counts_while_they_have_it() -> None:
    hold = "held = b'x' * 100_000_000\nimport sys\nsys.stdin.read()"
    with parent_of(hold) as process, watched([process.pid]) as most:
        eventually(lambda: most.anonymous > 100_000_000)
