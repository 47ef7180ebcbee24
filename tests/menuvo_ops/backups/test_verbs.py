"""`menuvo backup` on a server: what is told, what is refused, and with which exit code."""

import json
from pathlib import Path

import pytest
from tests.menuvo_ops.backups.conftest import set_memory
from tests.menuvo_ops.backups.engine import Engine, record

from menuvo_ops.rollout.journal import Journal
from menuvo_ops.rollout.lock import Lock
from menuvo_ops.server.command import main

NEWEST = "20261128T030000Z"
FAILED = {"id": "20261128T040000Z", "outcome": "failed", "cause": "No space.", "hint": "Go."}


def menuvo(engine: Engine, *argv: str) -> int:
    return main([*argv, "--directory", str(engine.folder)])


def test_a_backup_is_made_and_then_restored_for_trial(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "backup", "now") == 0
    assert engine.did == ["now", "verify 20261128T080000Z"]
    assert engine.state["in"] == ["postgres-backup", "backup-verify"]
    told = capsys.readouterr().err
    assert "Backup 20261128T080000Z begins." in told
    assert "fetched in 1.0 s, restored in 2.0 s" in told
    assert "is made and restored for trial, 2.0 MB." in told


def test_without_its_verification_it_says_so(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "backup", "now", "--no-verify", "--json") == 0
    assert engine.did == ["now"]
    ended = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (ended["event"], ended["exit_code"]) == ("ended", 0)
    assert "nobody has restored it" in ended["sentence"]


@pytest.mark.parametrize("verb", [["now"], ["verify"]])
def test_a_verification_is_not_begun_without_memory_for_it(
    engine: Engine,
    verb: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_memory(tmp_path, monkeypatch, mib=639)
    assert menuvo(engine, "backup", *verb) == 1
    assert engine.did == []
    told = capsys.readouterr().err
    assert "Only 639 MiB of memory are available, and a restore needs 640." in told
    assert ("--no-verify" in told) == (verb == ["now"])


def test_a_dump_alone_needs_no_such_memory(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_memory(tmp_path, monkeypatch, mib=200)
    assert menuvo(engine, "backup", "now", "--no-verify") == 0


@pytest.mark.parametrize(
    ("code", "expected", "sentence"),
    [
        (1, 1, "menuvo-backup now failed (exit code 1). It is told to fail."),
        (4, 4, "The backup service itself is at work."),
        (143, 1, "menuvo-backup now was stopped before it was done."),
    ],
)
def test_how_the_service_ends_is_how_the_command_ends(
    engine: Engine,
    code: int,
    expected: int,
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    engine.set(exit_codes={"now": code})
    assert menuvo(engine, "backup", "now") == expected
    told = capsys.readouterr().err
    assert sentence in told
    assert "is made" not in told


def test_a_backup_that_cannot_be_restored_is_a_failure(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(exit_codes={"verify": 1})
    assert menuvo(engine, "backup", "now") == 1
    assert engine.did == ["now"]
    assert "It is told to fail." in capsys.readouterr().err


@pytest.mark.parametrize("verb", [["backup", "now"], ["backup", "verify"]])
def test_nothing_is_done_while_a_deploy_is_at_work(
    engine: Engine, verb: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with Lock(engine.archive.lock, "somebody").take():
        assert menuvo(engine, *verb) == 4
    assert engine.did == []
    assert "somebody" in capsys.readouterr().err


def test_looking_waits_for_nobody(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with Lock(engine.archive.lock, "somebody").take():
        assert menuvo(engine, "backup", "list") == 0
    assert NEWEST in capsys.readouterr().out


def test_nothing_is_made_of_a_database_in_the_middle_of_a_restore(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    Journal(engine.archive.journal).open("restore", 1, 1, {"backup": NEWEST})
    assert menuvo(engine, "backup", "now") == 1
    assert engine.did == []
    assert f"A restore of backup {NEWEST} was cut off here." in capsys.readouterr().err


def test_the_newest_with_a_dump_is_verified_where_none_is_named(engine: Engine) -> None:
    engine.set(backups=[FAILED, *engine.state["backups"]])
    assert menuvo(engine, "backup", "verify") == 0
    assert menuvo(engine, "backup", "verify", "20261127T030000Z") == 0
    assert engine.did == [f"verify {NEWEST}", "verify 20261127T030000Z"]


def test_a_timer_verifies_the_newest_once(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "backup", "verify", "--due") == 0
    assert engine.did == []
    assert f"Nothing is due: backup {NEWEST} was verified." in capsys.readouterr().err
    newer = record("20261129T030000Z", verified=None)
    engine.set(backups=[FAILED, newer, *engine.state["backups"]])
    assert menuvo(engine, "backup", "verify", "--due") == 0
    assert engine.did == ["verify 20261129T030000Z"]


@pytest.mark.parametrize(
    ("backups", "sentence"),
    [
        ([], "Nothing is due: there is no backup yet."),
        ([record(NEWEST, verified=None, outcome="failed")], f"backup {NEWEST} failed."),
    ],
)
def test_a_timer_that_finds_nothing_to_verify_says_why_and_has_not_failed(
    engine: Engine,
    backups: list[dict[str, object]],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    engine.set(backups=backups)
    assert menuvo(engine, "backup", "verify", "--due") == 0
    assert engine.did == []
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["verify", "20200101T000000Z"], "There is no backup 20200101T000000Z."),
        (["verify", "20261128T040000Z"], "there is nothing to restore"),
        (["show"], "Which backup?"),
        (["show", "20200101T000000Z"], "There is no backup 20200101T000000Z."),
        (["now", NEWEST], "takes no name of a backup"),
        (["list", "--no-verify"], "--no-verify belongs to `menuvo backup now`"),
        (["now", "--due"], "--due belongs to `menuvo backup verify`"),
        (["verify", NEWEST, "--due"], "chooses the backup by itself"),
    ],
)
def test_what_makes_no_sense_is_exit_code_2(
    engine: Engine, argv: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(backups=[*engine.state["backups"], FAILED])
    assert menuvo(engine, "backup", *argv) == 2
    assert engine.did == []
    assert sentence in capsys.readouterr().err


def test_the_list_says_what_is_proved_and_what_failed(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    doubted = record("20261126T030000Z", verified=None, uploaded=False)
    engine.set(backups=[FAILED, *engine.state["backups"], doubted])
    assert menuvo(engine, "backup", "list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["20261128T040000Z", "failed", "-", "0", "-", "-", "-"]
    assert lines[2].strip() == "No space. Go."
    assert "in the bucket" in lines[3]
    assert lines[3].endswith("2026-11-28 03:05 UTC")
    assert "only on this disk" in lines[5]
    assert lines[5].endswith("-")


def test_programs_get_facts(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert menuvo(engine, "backup", "list", "--json") == 0
    [newest, _] = json.loads(capsys.readouterr().out)
    assert (newest["id"], newest["rows"], newest["schema_head"]) == (NEWEST, 12, "0003")
    assert menuvo(engine, "backup", "show", NEWEST, "--json") == 0
    assert json.loads(capsys.readouterr().out) == record(NEWEST)


def test_one_is_shown_with_what_it_takes(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "backup", "show", NEWEST) == 0
    told = capsys.readouterr().out
    assert "restored it takes 9.0 MB" in told
    assert "restored in 8.0 s" in told


def test_what_a_killed_run_left_at_work_is_ended_first(engine: Engine) -> None:
    engine.set(left=["stray"])
    assert menuvo(engine, "backup", "now", "--no-verify") == 0
    assert engine.did == ["stop stray", "now"]


def test_a_release_without_the_task_is_told_apart_from_a_failure(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(lacks=["backup-verify"])
    assert menuvo(engine, "backup", "verify") == 1
    assert "The release that serves has no task backup-verify yet." in capsys.readouterr().err


def test_a_backup_can_be_listed_while_its_service_is_down(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(containers={**engine.state["containers"], "postgres-backup": "exited"})
    assert menuvo(engine, "backup", "list", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
