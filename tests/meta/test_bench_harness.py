import json

import pytest

from tests.bench.harness import Measurement, as_json, percentile, report

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


def test_more_is_better_when_it_says_so() -> None:
    assert Measurement("rate", 5, "1/s", "higher", 5).ok
    assert not Measurement("rate", 4, "1/s", "higher", 5).ok
    assert '"ok": true' in as_json([Measurement("note", 4, "s", "lower")])


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([3, 1, 2, 4], 0.5) == 2
    assert percentile([5], 0.95) == 5
    assert percentile(list(range(1, 101)), 0.95) == 95
