"""`menuvo drill` on a server: what it asks for, what it says, and what it remembers."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.menuvo_ops.backups.conftest import set_memory
from tests.menuvo_ops.backups.engine import WINDOW, Engine, record

from menuvo_ops.drilling.remembered import Drill, read, remember
from menuvo_ops.rollout.lock import Lock
from menuvo_ops.server.command import main

NEWEST, OLDER = "20261128T030000Z", "20261127T030000Z"


def menuvo(engine: Engine, *argv: str) -> int:
    return main([*argv, "--directory", str(engine.folder)])


def remembered(engine: Engine) -> dict[str, Any]:
    return json.loads((engine.archive.root / "drill.json").read_text())


def drilled_in(printed: str) -> list[dict[str, Any]]:
    events = map(json.loads, printed.splitlines())
    return [one for one in events if one["event"] == "drilled"]


def test_the_newest_is_brought_back_from_the_bucket_itself(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "drill", "--json") == 0
    assert engine.did[0] == f"verify {NEWEST} --from bucket"
    assert set(engine.state["in"]) == {"backup-verify"}
    drilled, _ = drilled_in(capsys.readouterr().out)
    assert (drilled["backup"], drilled["rows"]) == (NEWEST, 12)
    assert (drilled["fetch_seconds"], drilled["restore_seconds"]) == (1.0, 2.0)
    assert remembered(engine)["trials"][0]["age_seconds"] == drilled["age_seconds"] > 0
    assert engine.state["drilled"] == ["good"]


def test_a_monitor_that_cannot_hear_of_it_makes_no_failure_of_a_good_drill(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(exit_codes={"drilled": 2})
    assert menuvo(engine, "drill") == 0
    assert "The monitor does not hear of this drill." in capsys.readouterr().err


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
    assert engine.did[0] == f"verify {OLDER} --from bucket"


def test_the_database_of_five_minutes_ago_is_recovered_for_trial(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "drill", "--json") == 0
    [asked] = [one for one in engine.did if one.startswith("recover")]
    asked_at = datetime.fromisoformat(asked.split()[-1])
    assert abs(datetime.now(UTC) - timedelta(minutes=5) - asked_at) < timedelta(minutes=1)
    _, drilled = drilled_in(capsys.readouterr().out)
    assert drilled["trial"] == "five-minutes-ago"
    assert (drilled["lag_seconds"], drilled["amcheck"], drilled["rows"]) == (8.0, "passed", None)
    assert (drilled["fetch_seconds"], drilled["restore_seconds"]) == (1.0, 2.0)
    assert [one["trial"] for one in remembered(engine)["trials"]][-1] == "five-minutes-ago"


@pytest.mark.parametrize(
    ("window", "sentence"),
    [
        (
            {"archives": False, "state": "The log is not archived: BACKUP_WAL is off."},
            "The archive was not tried. The log is not archived: BACKUP_WAL is off.",
        ),
        (
            {"begin": "2126-11-28T09:00:00Z", "end": "2126-11-28T09:00:20Z"},
            "The archive was not tried. It is younger than five minutes.",
        ),
    ],
    ids=["none", "a young one"],
)
def test_an_archive_that_has_not_come_so_far_is_told_and_is_no_failure(
    engine: Engine, window: dict[str, object], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(window={"begin": None, "end": None, "state": "", **window})
    assert menuvo(engine, "drill") == 0
    assert sentence in capsys.readouterr().err
    assert engine.did == [f"verify {NEWEST} --from bucket"]
    assert remembered(engine)["outcome"] == "good"


def test_whoever_keeps_the_key_elsewhere_is_told_what_was_not_tried_and_of_no_failure(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    recipients = ["age1elsewhere"]
    sealed = {"bytes": 2_000_000, "sealed": {"recipients": recipients}}
    base = {**WINDOW["base"], "recipients": recipients}
    engine.set(
        backups=[record(NEWEST, dump=sealed)], window={**engine.state["window"], "base": base}
    )
    assert menuvo(engine, "drill") == 0
    assert engine.did == [f"verify {NEWEST}"]
    told = capsys.readouterr().err
    assert f"Backup {NEWEST} is sealed for age1elsewhere, and this server has no identity." in told
    assert "The archive was not tried. Base backup 20261122T033000Z is sealed" in told
    assert remembered(engine)["outcome"] == "good"
    assert engine.state["drilled"] == ["good"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"exit_codes": {"verify": 1}}, "It is told to fail."),
        ({"exit_codes": {"recover": 1}}, "It is told to fail."),
        ({"backups": []}, "The bucket has no backup that can be restored."),
        ({"lag": 61.0}, "UTC ends 61 s before."),
        ({"lag": None}, "UTC ends without any commit."),
    ],
    ids=["a backup", "the archive", "no backup", "heartbeats are missing", "no heartbeat"],
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
    assert engine.state["drilled"] == ["failed"]
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
