"""`menuvo restore --at` on a server: the whole of it, its ways back, and what is refused."""

import json
from pathlib import Path

import pytest
from tests.menuvo_ops.backups.conftest import set_memory
from tests.menuvo_ops.backups.engine import WINDOW, Engine, admit_another, record
from tests.menuvo_ops.restoring.test_restore import (
    INSTANCES,
    START,
    WORKERS,
    journal,
    kill_at,
    menuvo,
)

# In the deployment's time zone, which is Berlin's, and as the archive is asked for it.
TYPED, ASKED = "2026-11-23 18:05", "2026-11-23T17:05:00+00:00"
AT = ("restore", "--at", TYPED)
EXCHANGE = "exchange recovered kept"
AGAIN = [START, "start postgres-backup"]


def test_the_database_of_a_moment_takes_the_place_and_everything_starts_again(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, *AT, "--yes") == 0
    assert engine.did[:2] == [f"recover {ASKED}", "own recovered"]
    assert set(engine.did[2:4]) == WORKERS
    assert set(engine.did[4:6]) == INSTANCES
    assert set(engine.did[6:8]) == {"stop postgres-backup", "stop postgres"}
    assert engine.did[8:] == [EXCHANGE, "start postgres", "password", "migrate", "flush", *AGAIN]
    assert engine.cluster == ASKED
    assert engine.serves()
    assert journal(engine).read() is None
    told = capsys.readouterr().err
    assert "with the database of 2026-11-23 18:05:00 CET" in told
    assert "7 orders were placed since that moment and are not in it" in told
    assert "menuvo restore --undo brings it back" in told


def test_it_is_recovered_by_who_sees_nothing_of_the_live_database(engine: Engine) -> None:
    assert menuvo(engine, *AT, "--yes") == 0
    assert "backup-recover" in engine.state["in"]


def test_a_dry_run_shows_the_plan_and_changes_nothing(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, *AT, "--dry-run", "--json") == 0
    assert engine.did == []
    planned, ended = map(json.loads, capsys.readouterr().out.splitlines())
    names = [name for name, _ in planned["steps"]]
    assert names[:4] == ["recover", "stop", "exchange", "database"]
    assert names[4:] == ["migrate", "flush", "start", "archive", "confirm"]
    assert ended["outcome"] == "planned"


def test_what_it_took_the_place_of_comes_back_and_is_dropped_when_it_is_not_wanted(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, *AT, "--yes") == 0
    engine.set(did=[])
    assert menuvo(engine, "restore", "--undo", "--yes") == 0
    assert engine.cluster == "today"
    assert engine.serves()
    assert engine.did[6:] == [
        "exchange kept kept",
        *("start postgres", "password", "migrate", "flush"),
        *AGAIN,
    ]
    assert menuvo(engine, "restore", "--undo", "--yes") == 1
    assert "No restore kept a database." in capsys.readouterr().err
    assert menuvo(engine, "restore", "--forget", "--yes") == 0
    assert list((engine.volume / "kept").iterdir()) == []
    assert engine.cluster == "today"


@pytest.mark.parametrize("backup_first", [True, False])
def test_the_newest_of_what_both_kinds_of_restores_kept_comes_back_first(
    engine: Engine, backup_first: bool
) -> None:
    kept_at = "20260101T090000Z" if backup_first else "20990101T090000Z"
    engine.set(databases=[f"menuvo_before_{kept_at}"], kept=["long ago"])
    assert menuvo(engine, *AT, "--yes") == 0
    assert menuvo(engine, "restore", "--undo", "--yes") == 0
    assert ("undo-restore" in engine.did) == (not backup_first)
    assert engine.cluster == ("today" if backup_first else ASKED)


STEPS = [
    *(f"recover {ASKED}", "own recovered", "stop worker-images", "stop platform-b"),
    *("stop postgres-backup", "stop postgres", EXCHANGE, "start postgres", "password"),
    *("migrate", "flush", START, "start postgres-backup"),
]


@pytest.mark.parametrize(
    ("failing", "exit_code"),
    [
        *((name, 1) for name in STEPS[:2]),
        *((name, 3) for name in ("stop platform-b", "stop postgres", EXCHANGE, "migrate")),
        ("password", 3),
        *((name, 6) for name in ("flush", START)),
    ],
)
def test_whatever_fails_todays_database_serves_again(
    engine: Engine, failing: str, exit_code: int
) -> None:
    """What fails for good fails on the way back too, and a person is told; the rest is undone."""
    engine.set(fails=[failing])
    assert menuvo(engine, *AT, "--yes") == exit_code
    assert engine.cluster == "today"
    assert engine.serves()
    assert (journal(engine).read() is None) == (exit_code != 6)


def test_an_archive_that_does_not_start_is_told_and_no_reason_to_go_back(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(fails=["start postgres-backup"])
    assert menuvo(engine, *AT, "--yes") == 0
    assert engine.cluster == ASKED
    assert "Nothing is archived now. Starting postgres-backup failed" in capsys.readouterr().err


def test_a_way_back_that_failed_is_tried_again_by_the_next(engine: Engine) -> None:
    engine.set(fails=["start postgres"])
    assert menuvo(engine, *AT, "--yes") == 6
    assert engine.cluster == "today"
    engine.set(fails=[])
    assert menuvo(engine, "restore", "--yes") == 3
    assert engine.cluster == "today"
    assert engine.serves()
    assert journal(engine).read() is None


def test_nothing_is_stopped_where_the_release_cannot_live_with_what_was_recovered(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    admit_another(engine, 2, "0005", **{"0005": "0004"})
    engine.set(recovered_head="0005")
    assert menuvo(engine, *AT, "--yes") == 1
    assert engine.did == [f"recover {ASKED}", "drop recovered"]
    assert engine.serves()
    told = capsys.readouterr().err
    assert "It is at schema 0005, and release 1 (4f2a91c0) made 0003" in told
    assert "Nothing was stopped." in told


def test_a_newer_schema_that_the_release_can_live_with_stays_as_it_is(engine: Engine) -> None:
    admit_another(engine, 2, "0005", **{"0004": "0002"})
    engine.set(recovered_head="0005", head="0005")
    assert menuvo(engine, *AT, "--yes") == 0
    assert "migrate" not in engine.did


@pytest.mark.slow
@pytest.mark.parametrize("cut", STEPS)
def test_killed_anywhere_it_is_finished_by_the_same_command(
    engine: Engine, cut: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kill_at(engine, cut, *AT[1:])
    assert menuvo(engine, "deploy", "status") == 0
    assert f"Cut off: restore of the database of {ASKED}, at:" in capsys.readouterr().out
    assert menuvo(engine, *AT, "--yes") == 0
    assert engine.cluster == ASKED
    assert engine.did.count(EXCHANGE) <= 2
    assert engine.serves()
    assert journal(engine).read() is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cut", "way"),
    [
        (cut, ["rollback"] if number % 2 else ["restore", "--undo"])
        for number, cut in enumerate(STEPS)
    ],
)
def test_killed_anywhere_it_is_taken_back_by_another(
    engine: Engine, cut: str, way: list[str]
) -> None:
    kill_at(engine, cut, *AT[1:])
    assert menuvo(engine, *way, "--yes") in {0, 1, 3}
    assert engine.cluster == "today"
    assert engine.serves()
    assert list((engine.volume / "kept").glob("*")) == []
    assert journal(engine).read() is None


def test_another_moment_is_recovered_after_the_first_was_taken_back(engine: Engine) -> None:
    kill_at(engine, EXCHANGE, *AT[1:])
    assert menuvo(engine, "restore", "--at", "2026-11-24 09:00", "--yes") == 0
    assert engine.cluster == "2026-11-24T08:00:00+00:00"
    assert len(list((engine.volume / "kept").iterdir())) == 1


def test_killed_while_it_is_taken_back_it_is_finished(engine: Engine) -> None:
    assert menuvo(engine, *AT, "--yes") == 0
    kill_at(engine, "exchange kept kept", "--undo")
    assert menuvo(engine, "restore", "--yes") == 0
    assert engine.cluster == "today"
    assert engine.serves()


@pytest.mark.parametrize("with_its_files", [True, False])
def test_a_lost_database_is_recovered_to_the_last_moment(
    engine: Engine, with_its_files: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.lose_database(with_its_files=with_its_files)
    assert menuvo(engine, "restore", "--at", "latest", "--yes") == 0
    assert engine.cluster == "latest"
    assert engine.serves()
    assert "PostgreSQL is missing" in capsys.readouterr().err
    assert len(list((engine.volume / "kept").iterdir())) == (0 if with_its_files else 1)


@pytest.mark.parametrize("failing", ["recover latest", "stop platform-b", "migrate"])
def test_of_a_lost_database_nothing_that_was_recovered_is_given_up(
    engine: Engine, failing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.lose_database()
    engine.set(fails=[failing])
    at_latest = ("restore", "--at", "latest", "--yes")
    assert menuvo(engine, *at_latest) == (1 if failing.startswith("recover") else 3)
    assert journal(engine).read() is None
    if failing == "migrate":
        assert engine.cluster == "latest"
        assert engine.serves()
    else:
        engine.set(fails=[])
        assert menuvo(engine, *at_latest) == 0
        assert engine.cluster == "latest"
        assert engine.serves()


@pytest.mark.parametrize(
    ("at", "changes", "sentence"),
    [
        ("latest", {}, "PostgreSQL serves, and nothing in the archive is newer"),
        ("2026-11-20 10:00", {}, "It leads to every moment from 2026-11-22 04:31:10 CET to 2026"),
        ("2026-11-29 10:00", {}, "The archive does not lead to 2026-11-29 10:00:00 CET"),
        (
            TYPED,
            {"window": {"begin": None, "end": None, "state": "There is no base backup yet."}},
            "There is no base backup yet.",
        ),
        (
            TYPED,
            {"window": {**WINDOW, "base": {**WINDOW["base"], "recipients": ["age1other"]}}},
            "Base backup 20261122T033000Z is sealed for age1other, and this server has no identity",
        ),
        (TYPED, {"lacks": ["backup-recover"]}, "has no task backup-recover"),
        (TYPED, {"backups": [record("20261128T080000Z", outcome="running")]}, "is being made"),
        (
            TYPED,
            {
                "made_of": {
                    "postgres": "postgres (PostgreSQL) 18.1\nglibc",
                    "backup-recover": "postgres (PostgreSQL) 18.1\n/lib/ld-musl-x86_64.so.1",
                }
            },
            "PostgreSQL is 18 on glibc, and what recovers it is 18 on musl",
        ),
    ],
)
def test_what_cannot_go_well_is_said_before_anything_is_done(
    engine: Engine,
    at: str,
    changes: dict[str, object],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    engine.set(**changes)
    assert menuvo(engine, "restore", "--at", at, "--yes") == 1
    assert engine.did == []
    assert sentence in capsys.readouterr().err


def test_a_recovery_is_refused_where_memory_or_disk_are_short(
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_memory(tmp_path, monkeypatch, mib=300)
    window = {**engine.state["window"], "base": {"id": "1", "cluster_bytes": 10**18}}
    engine.set(window=window)
    assert menuvo(engine, *AT, "--yes") == 1
    assert engine.did == []
    told = capsys.readouterr().err
    assert "a recovery needs 640" in told
    assert "a restore needs 1,000,000," in told


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["--at", TYPED, "--undo"], "takes no name of a backup and no moment"),
        (["20261128T030000Z", "--at", TYPED], "is a backup, and --at"),
        (["--at", "yesterday"], "'yesterday' is no moment."),
    ],
)
def test_what_makes_no_sense_is_exit_code_2(
    engine: Engine, argv: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "restore", *argv, "--yes") == 2
    assert engine.did == []
    assert sentence in capsys.readouterr().err


def test_the_window_is_shown_in_the_operators_time(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = {"begin": "2026-11-01T02:00:00Z", "end": "2026-11-21T12:00:00Z"}
    engine.set(window={**engine.state["window"], "earlier": [earlier]})
    assert menuvo(engine, "backup", "window") == 0
    told = capsys.readouterr().out
    assert "from 2026-11-22 04:31:10 CET to 2026-11-28 10:00:00 CET\n" in told
    assert "from 2026-11-01 03:00:00 CET to 2026-11-21 13:00:00 CET\n" in told
    assert "Any moment in it can be recovered." in told
    assert menuvo(engine, "backup", "window", "--json") == 0
    assert json.loads(capsys.readouterr().out) == engine.state["window"]


def test_no_files_are_moved_under_a_database_that_somebody_has_started_meanwhile(
    engine: Engine,
) -> None:
    kill_at(engine, "stop postgres", *AT[1:])
    journal(engine).mark("stop", "done")
    engine.set(containers={**engine.state["containers"], "postgres": "running"})
    assert menuvo(engine, *AT, "--yes") == 0
    assert engine.cluster == ASKED
    assert engine.serves()
