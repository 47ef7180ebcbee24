"""`menuvo drill` on a server: what it asks for, what it says, and what it remembers."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.menuvo_ops.backups.conftest import set_memory
from tests.menuvo_ops.backups.engine import Engine, record

from menuvo_ops.drilling.remembered import Drill, read, remember
from menuvo_ops.rollout.lock import Lock
from menuvo_ops.server.command import main

NEWEST, OLDER = "20261128T030000Z", "20261127T030000Z"


def menuvo(engine: Engine, *argv: str) -> int:
    return main([*argv, "--directory", str(engine.folder)])


def remembered(engine: Engine) -> dict[str, Any]:
    return json.loads((engine.archive.root / "drill.json").read_text())


def test_the_newest_is_brought_back_from_the_bucket_itself(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "drill", "--json") == 0
    assert engine.did == [f"verify {NEWEST} --from bucket"]
    assert engine.state["in"] == ["backup-verify"]
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    [drilled] = [one for one in events if one["event"] == "drilled"]
    assert (drilled["backup"], drilled["rows"]) == (NEWEST, 12)
    assert (drilled["fetch_seconds"], drilled["restore_seconds"]) == (1.0, 2.0)
    assert remembered(engine)["trials"][0]["age_seconds"] == drilled["age_seconds"] > 0


def test_it_says_in_a_sentence_what_a_restore_would_mean(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "drill") == 0
    told = capsys.readouterr().err
    assert "A restore today would bring back 12 rows as they were" in told
    assert f"(backup {NEWEST}), in 3 s: 1.0 to fetch, 2.0 to restore." in told
    assert "1 of 3 pictures is not in the bucket" in told


def test_one_that_is_only_on_this_disk_is_passed_over(engine: Engine) -> None:
    engine.set(backups=[record(NEWEST, uploaded=False), record(OLDER)])
    assert menuvo(engine, "drill") == 0
    assert engine.did == [f"verify {OLDER} --from bucket"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"exit_codes": {"verify": 1}}, "It is told to fail."),
        ({"backups": []}, "The bucket has no backup that can be restored."),
    ],
)
def test_a_failure_is_remembered_and_due_again_at_once(
    engine: Engine,
    changes: dict[str, object],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    remember(engine.archive, Drill(datetime.now(UTC).isoformat(), "good"))
    engine.set(**changes)
    assert menuvo(engine, "drill") == 1
    assert sentence in capsys.readouterr().err
    found = read(engine.archive)
    assert found is not None
    assert (found.outcome, found.is_due) == ("failed", True)
    assert sentence in found.cause


def test_what_could_not_be_tried_is_no_outcome(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Lock(engine.archive.lock, "somebody").take():
        assert menuvo(engine, "drill") == 4
    set_memory(tmp_path, monkeypatch, mib=639)
    assert menuvo(engine, "drill") == 1
    assert read(engine.archive) is None
    assert engine.did == []


@pytest.mark.parametrize(
    ("days", "outcome", "is_due"),
    [(1, "good", False), (6, "good", False), (7, "good", True), (0, "failed", True)],
)
def test_a_timer_drills_once_a_week_and_after_a_failure(
    engine: Engine, days: int, outcome: Any, is_due: bool
) -> None:
    at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    remember(engine.archive, Drill(at, outcome, "It is told to fail."))
    assert menuvo(engine, "drill", "--due") == 0
    assert bool(engine.did) == is_due
