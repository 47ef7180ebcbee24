"""`menuvo restore` on a server: the whole of it, its ways back, and what is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.menuvo_ops.backups.engine import Engine, admit_another, record

from menuvo_ops.rollout.journal import Journal
from menuvo_ops.rollout.lock import Lock
from menuvo_ops.server.command import main

NEWEST, OLDER = "20261128T030000Z", "20261127T030000Z"
START = "start platform-a platform-b worker-images worker-imports"
WORKERS = {"stop worker-images", "stop worker-imports"}
INSTANCES = {"stop platform-a", "stop platform-b"}


def menuvo(engine: Engine, *argv: str) -> int:
    return main([*argv, "--directory", str(engine.folder)])


def journal(engine: Engine) -> Journal:
    return Journal(engine.archive.journal)


def test_the_newest_takes_the_place_and_everything_starts_again(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "restore", "--yes") == 0
    assert set(engine.did[:2]) == WORKERS
    assert set(engine.did[2:4]) == INSTANCES
    assert engine.did[4:] == [f"restore {NEWEST}", "migrate", "flush", START]
    assert engine.state["live"] == NEWEST
    assert engine.serves()
    assert journal(engine).read() is None
    told = capsys.readouterr().err
    assert "7 orders were placed since it began and are not in it" in told
    assert "Nothing is served for about 40 s: its trial took 10 s of them." in told
    assert "menuvo restore --undo brings it back" in told
    assert "1 of 3 pictures is not in the bucket: a backup has the rows alone." in told
    assert "menu file" not in told


def test_pictures_that_cannot_be_looked_for_are_no_reason_to_go_back(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """A release from before that question does not know it."""
    engine.set(fails=["missing"])
    assert menuvo(engine, "restore", "--yes") == 0
    assert "Pictures were not looked for." in capsys.readouterr().err


def test_pictures_that_have_a_copy_come_back(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    has_copies(engine)
    assert menuvo(engine, "restore", "--yes") == 0
    assert engine.did[-1] == "objects --restore"
    told = capsys.readouterr().err
    assert "1 pictures and files are back" in told
    assert "not in the bucket" not in told


def test_copies_that_do_not_come_back_are_no_reason_to_go_back(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    has_copies(engine)
    engine.set(exit_codes={"objects": 1})
    assert menuvo(engine, "restore", "--yes") == 0
    told = capsys.readouterr().err
    assert "objects --restore failed (exit code 1). It is told to fail. Do better." in told
    assert "1 of 3 pictures is not in the bucket" in told


def has_copies(engine: Engine) -> None:
    with (engine.archive.folder(1) / ".env").open("a") as environment:
        environment.write("BACKUP_OBJECTS_S3_BUCKET=copies\n")


def test_a_sealed_backup_that_cannot_be_opened_is_refused_before_anything_stops(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(backups=[sealed(NEWEST, here=False)])
    assert menuvo(engine, "restore", "--yes") == 1
    assert engine.did == []
    assert "sealed for age1x, and this server has no identity" in capsys.readouterr().err


def test_a_sealed_backup_whose_copy_lies_here_needs_no_key(engine: Engine) -> None:
    engine.set(backups=[sealed(NEWEST, here=True)])
    assert menuvo(engine, "restore", "--yes") == 0


def sealed(name: str, *, here: bool) -> dict[str, object]:
    return record(name, here=here, dump={"bytes": 1, "sealed": {"recipients": ["age1x"]}})


def test_what_was_done_stays_readable_and_is_no_file_of_the_release(engine: Engine) -> None:
    assert menuvo(engine, "restore", OLDER, "--yes") == 0
    [kept] = (engine.archive.folder(1) / "logs").glob("restore-*.jsonl")
    assert json.loads(kept.read_text().splitlines()[0])["options"]["backup"] == OLDER


def test_a_dry_run_shows_the_plan_and_changes_nothing(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "restore", "latest", "--dry-run", "--json") == 0
    assert engine.did == []
    planned, ended = map(json.loads, capsys.readouterr().out.splitlines())
    names = [name for name, _ in planned["steps"]]
    assert names == ["stop", "replace", "migrate", "flush", "start", "confirm"]
    assert ended["outcome"] == "planned"


def test_without_a_terminal_it_has_to_be_told_yes(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    for argv in (["restore"], ["restore", "--undo"], ["restore", "--forget"]):
        assert menuvo(engine, *argv) == 2
    assert engine.did == []


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["--undo", "--forget"], "Choose one of them."),
        ([NEWEST, "--undo"], "takes no name of a backup"),
        (["20200101T000000Z"], "There is no backup 20200101T000000Z."),
    ],
)
def test_what_makes_no_sense_is_exit_code_2(
    engine: Engine, argv: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "restore", *argv, "--yes") == 2
    assert engine.did == []
    assert sentence in capsys.readouterr().err


def test_it_waits_for_no_deploy(engine: Engine) -> None:
    with Lock(engine.archive.lock, "somebody").take():
        assert menuvo(engine, "restore", "--yes") == 4
    assert engine.did == []


@pytest.mark.parametrize(
    ("failing", "exit_code"),
    [("stop platform-b", 3), (f"restore {NEWEST}", 3), ("migrate", 3), ("flush", 6), (START, 6)],
)
def test_whatever_fails_todays_database_serves_again(
    engine: Engine, failing: str, exit_code: int
) -> None:
    """What fails for good fails on the way back too, and a person is told; the rest is undone."""
    engine.set(fails=[failing])
    assert menuvo(engine, "restore", "--yes") == exit_code
    assert engine.state["live"] == "today"
    assert engine.serves()
    assert engine.state["databases"] == []
    assert (journal(engine).read() is None) == (exit_code == 3)


def test_a_way_back_that_failed_is_tried_again_by_the_next(engine: Engine) -> None:
    engine.set(fails=["migrate", "undo-restore"], exit_codes={"undo-restore": 1})
    assert menuvo(engine, "restore", "--yes") == 6
    assert engine.state["live"] == NEWEST
    assert engine.serves()
    engine.set(fails=[], exit_codes={})
    assert menuvo(engine, "restore", "--yes") == 3
    assert engine.state["live"] == "today"
    assert engine.serves()
    assert journal(engine).read() is None


def test_what_an_earlier_restore_kept_is_never_taken_for_this_ones(engine: Engine) -> None:
    engine.set(databases=["menuvo_before_20261101T090000Z"], kept=["long ago"])
    engine.set(exit_codes={"restore": 1})
    assert menuvo(engine, "restore", "--yes") == 3
    assert "undo-restore" not in engine.did
    assert engine.state["live"] == "today"


CUTS = ["stop worker-images", "stop platform-b", f"restore {NEWEST}", "migrate", "flush", START]


@pytest.mark.slow
@pytest.mark.parametrize("cut", CUTS)
def test_killed_anywhere_it_is_finished_by_the_same_command(
    engine: Engine, cut: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kill_at(engine, cut)
    assert menuvo(engine, "deploy", "status") == 0
    told = capsys.readouterr().out
    assert f"Cut off: restore of backup {NEWEST}, at:" in told
    assert "menuvo restore again finishes it; menuvo rollback takes it back." in told
    assert menuvo(engine, "restore", "--yes") == 0
    assert engine.state["live"] == NEWEST
    assert engine.did.count(f"restore {NEWEST}") == 1
    assert engine.serves()
    assert journal(engine).read() is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cut", "way"),
    [
        (cut, ["rollback"] if number % 2 else ["restore", "--undo"])
        for number, cut in enumerate(CUTS)
    ],
)
def test_killed_anywhere_it_is_taken_back_by_another(
    engine: Engine, cut: str, way: list[str]
) -> None:
    kill_at(engine, cut)
    assert menuvo(engine, *way, "--yes") == (0 if way == ["rollback"] else 3)
    assert engine.state["live"] == "today"
    assert engine.serves()
    assert journal(engine).read() is None


def test_another_backup_is_restored_after_the_first_was_taken_back(engine: Engine) -> None:
    kill_at(engine, f"restore {NEWEST}")
    assert menuvo(engine, "restore", OLDER, "--yes") == 0
    assert engine.state["live"] == OLDER
    assert len(engine.state["databases"]) == 1


def test_a_deploy_that_was_cut_off_is_ended_first(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    journal(engine).open("deploy", 1, None, {})
    assert menuvo(engine, "restore", "--yes") == 1
    assert engine.did == []
    assert "A deploy of release 1 was cut off here." in capsys.readouterr().err


def test_the_last_restore_is_taken_back_and_what_was_restored_is_kept(engine: Engine) -> None:
    assert menuvo(engine, "restore", "--yes") == 0
    engine.set(did=[])
    assert menuvo(engine, "restore", "--undo", "--yes") == 0
    assert engine.did[4:] == ["undo-restore", "migrate", "flush", START]
    assert engine.state["live"] == "today"
    assert engine.serves()


def test_taking_back_twice_stops_nothing(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "restore", "--undo", "--yes") == 1
    assert engine.did == []
    assert "No restore kept a database." in capsys.readouterr().err


def test_killed_while_taking_back_it_is_finished_and_not_done_twice(engine: Engine) -> None:
    engine.set(databases=["menuvo_before_20261101T090000Z"], kept=["long ago"])
    assert menuvo(engine, "restore", "--yes") == 0
    kill_at(engine, "undo-restore", "--undo")
    assert menuvo(engine, "restore", "--yes") == 0
    assert engine.state["live"] == "today"
    assert engine.did.count("undo-restore") == 1


def test_what_was_kept_is_dropped_when_it_is_not_wanted_any_more(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "restore", "--yes") == 0
    assert menuvo(engine, "restore", "--forget", "--yes") == 0
    assert engine.did[-1] == "forget-restore"
    assert engine.serves()
    assert "Databases dropped: 1." in capsys.readouterr().err


def test_what_was_restored_and_taken_away_is_named_before_it_is_dropped(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "restore", "--yes") == 0
    assert menuvo(engine, "restore", "--undo", "--yes") == 0
    capsys.readouterr()
    assert menuvo(engine, "restore", "--forget", "--yes") == 0
    told = capsys.readouterr().err
    assert "Kept by restores: menuvo_undone_20261128T090000Z." in told
    assert "Databases dropped: 1." in told


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"backups": [record(NEWEST, outcome="failed", refuted=True)]}, "There is no backup yet."),
        ({"backups": [record(NEWEST, contents=None)]}, "does not say what was in it"),
        (
            {"backups": [record(NEWEST), record("20261128T080000Z", outcome="running")]},
            "A backup is being made",
        ),
        ({"lacks": ["backup-restore"]}, "has no task backup-restore"),
        (
            {"backups": [record(NEWEST, contents={"database": {"bytes": 10**18}, "rows": {}})]},
            "a restore needs 1,000,000,",
        ),
    ],
)
def test_what_cannot_go_well_is_said_before_anything_is_stopped(
    engine: Engine,
    changes: dict[str, object],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    engine.set(**changes)
    assert menuvo(engine, "restore", "--yes") != 0
    assert engine.did == []
    assert engine.serves()
    assert sentence in capsys.readouterr().err


def test_a_newer_schema_is_refused_with_what_could_be_done_instead(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    admit_another(engine, 2, "0005", **{"0005": "0004"})
    engine.set(backups=[record(NEWEST, head="0005"), record(OLDER)])
    assert menuvo(engine, "restore", "--yes") == 1
    assert engine.did == []
    told = capsys.readouterr().err
    assert "It is at schema 0005, and release 1 (4f2a91c0) made 0003" in told
    assert "menuvo rollback (2 (other2))" in told
    assert f"Or restore one that fits: {OLDER}." in told


def test_a_newer_schema_that_the_release_can_live_with_stays_as_it_is(engine: Engine) -> None:
    admit_another(engine, 2, "0005", **{"0004": "0002"})
    engine.set(backups=[record(NEWEST, head="0005")])
    assert menuvo(engine, "restore", "--yes") == 0
    assert "migrate" not in engine.did


def kill_at(engine: Engine, cut: str, *argv: str, verb: str = "restore") -> None:
    """By the very program of Docker's that has just done it."""
    engine.set(kills_after=cut, did=[])
    script = "import sys; from menuvo_ops.server.command import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", script, verb, *argv, "--yes"]
    done = subprocess.run(
        [*command, "--directory", str(engine.folder)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == -9, done.stderr
