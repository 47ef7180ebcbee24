"""A rebuild that was cut off: finished as far as it goes, or taken back, by the next command."""

import shutil
from pathlib import Path

import pytest
from tests.menuvo_ops.backups.engine import SYSTEM, Engine
from tests.menuvo_ops.environment.complete import write_env
from tests.menuvo_ops.restoring.test_restore import kill_at

from menuvo_ops.rollout.journal import Journal, Options
from menuvo_ops.server.command import main

BACKUP = "20261128T030000Z"
MOVE = {"incoming": "recovered/20261128T100000Z", "outgoing": "kept/before-20261128T100000Z"}
LATEST = {"at": "latest", **MOVE, "was_lost": True}


@pytest.fixture
def recovery_file(engine: Engine, tmp_path: Path) -> Path:
    """Of a deployment that has begun to be rebuilt from it, and serves nothing yet."""
    file = tmp_path / "recovery.txt"
    write_env(engine.folder)
    assert menuvo(engine, "recovery", "write", str(file)) == 0
    (engine.folder / ".env").unlink()
    (engine.archive.root / "current").unlink()
    write_env(engine.archive.folder(1))
    begin(engine, {"backup": BACKUP})
    engine.set(containers={}, live="", did=[])
    return file


def begin(engine: Engine, options: Options) -> None:
    Journal(engine.archive.journal).open("rebuild", 1, None, options)


def menuvo(engine: Engine, *argv: str) -> int:
    return main([*argv, "--directory", str(engine.folder)])


def test_it_is_told_with_both_ways_out(
    engine: Engine, recovery_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert recovery_file.exists()
    assert menuvo(engine, "deploy", "status") == 0
    told = capsys.readouterr().out
    assert f"Cut off: rebuild from backup {BACKUP}, at: the beginning" in told
    assert "The same rebuild again finishes it; menuvo rollback takes it back." in told


def test_a_step_that_fails_leaves_nothing_running_and_says_what_to_do(
    engine: Engine, recovery_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(exit_codes={"restore": 1})
    assert menuvo(engine, "rebuild", str(recovery_file), "--yes") == 1
    told = capsys.readouterr().err
    assert f"Going on with the rebuild from backup {BACKUP}" in told
    assert "It is told to fail." in told
    assert "Nothing runs; what was restored stays in its volume." in told
    assert "type the same again" in told
    assert engine.did[-1] == "down"
    assert engine.archive.has_failed(1)
    assert not (engine.archive.folder(1) / "secrets").exists()
    assert Journal(engine.archive.journal).read() is None


def test_a_rollback_takes_back_what_was_begun(
    engine: Engine, recovery_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert recovery_file.exists()
    Journal(engine.archive.journal).mark("foundation", "begun")
    assert menuvo(engine, "rollback", "--yes") == 0
    assert "Taken back: nothing runs." in capsys.readouterr().err
    assert engine.did == ["down"]
    assert engine.archive.has_failed(1)


@pytest.mark.parametrize("verb", [["restore"], ["backup", "now"]])
def test_nothing_else_is_done_with_a_database_that_is_not_whole(
    engine: Engine, recovery_file: Path, verb: list[str]
) -> None:
    assert recovery_file.exists()
    assert menuvo(engine, *verb, *(["--yes"] if verb == ["restore"] else [])) == 1
    assert engine.did == []


def test_it_is_shown_and_not_gone_on_with_in_a_dry_run(
    engine: Engine, recovery_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(engine, "rebuild", str(recovery_file), "--dry-run") == 1
    assert f"The rebuild from backup {BACKUP} was cut off at" in capsys.readouterr().err
    assert engine.did == []


def test_without_anybody_to_ask_it_needs_to_be_told(engine: Engine, recovery_file: Path) -> None:
    assert menuvo(engine, "rebuild", str(recovery_file)) == 2
    assert engine.did == []


@pytest.fixture
def of_a_moment(engine: Engine, recovery_file: Path) -> Path:
    """The same, with the last moment of the archive, on a server that never had a database."""
    begin(engine, LATEST)
    shutil.rmtree(engine.volume / "18")
    return recovery_file


RECOVERED = [
    *("start redis", "recover latest", "own recovered", "adopt recovered"),
    *("exchange recovered kept", "start postgres", "password", "migrate"),
]


def test_the_last_moment_is_put_where_postgresql_looks_for_it_before_that_is_started(
    engine: Engine, of_a_moment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(fails=["migrate"])
    assert menuvo(engine, "rebuild", str(of_a_moment), "--yes") == 1
    assert engine.did == [*RECOVERED, "drop recovered", "down"]
    assert (engine.cluster, engine.system) == ("latest", SYSTEM)
    told = capsys.readouterr().err
    assert "Going on with the rebuild with the database of latest" in told
    assert "the last that was committed was at 2026-11-28T08:59:52Z" in told


def test_what_an_earlier_try_has_left_is_kept_and_not_started(
    engine: Engine, of_a_moment: Path
) -> None:
    (engine.volume / "18/docker").mkdir(parents=True)
    (engine.volume / "18/docker/PG_VERSION").write_text("18")
    (engine.file.parent / "state/cluster").write_text("another")
    engine.set(fails=["migrate"])
    assert menuvo(engine, "rebuild", str(of_a_moment), "--yes") == 1
    assert (engine.cluster, engine.system) == ("latest", SYSTEM)
    assert [one.name for one in (engine.volume / "kept").iterdir()] == ["before-20261128T100000Z"]


@pytest.mark.slow
@pytest.mark.parametrize("cut", ["recover latest", "adopt recovered", "exchange recovered kept"])
def test_killed_anywhere_it_is_put_in_its_place_once(
    engine: Engine, of_a_moment: Path, cut: str
) -> None:
    kill_at(engine, cut, str(of_a_moment), verb="rebuild")
    engine.set(fails=["migrate"])
    assert menuvo(engine, "rebuild", str(of_a_moment), "--yes") == 1
    assert (engine.cluster, engine.system) == ("latest", SYSTEM)
    assert list(engine.volume.glob("recovered/*")) == []
    assert list(engine.volume.glob("kept/*")) == []


def test_a_recovery_that_fails_leaves_nothing_of_itself(
    engine: Engine, of_a_moment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(recovered_head="0005")
    assert menuvo(engine, "rebuild", str(of_a_moment), "--yes") == 1
    assert engine.did == ["start redis", "recover latest", "drop recovered", "down"]
    assert engine.system == ""
    told = capsys.readouterr().err
    assert "It is at schema 0005, and release 1 (4f2a91c0) made 0003." in told
    assert "Name a release that knows 0005: --version SHA." in told


@pytest.mark.parametrize(
    ("typed", "is_meant"),
    [
        ([], True),
        (["--at", "latest"], True),
        (["--at", "2026-11-27 10:00"], False),
        (["--backup", "latest"], False),
        (["--backup", BACKUP], False),
    ],
    ids=["nothing", "the last", "another", "a backup", "that backup"],
)
def test_what_was_begun_is_gone_on_with_where_it_is_what_is_asked_for(
    engine: Engine,
    of_a_moment: Path,
    typed: list[str],
    is_meant: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    engine.set(fails=["recover latest"])
    assert menuvo(engine, "rebuild", str(of_a_moment), "--yes", *typed) == 1
    assert ("Going on with the rebuild" in capsys.readouterr().err) == is_meant
    assert ("recover latest" in engine.did) == is_meant


def test_a_backup_and_a_moment_are_not_both_asked_for(
    engine: Engine, recovery_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = ["--at", "latest", "--backup", BACKUP]
    assert menuvo(engine, "rebuild", str(recovery_file), "--yes", *both) == 2
    assert f"{BACKUP} is a backup, and --at latest a moment." in capsys.readouterr().err
    assert engine.did == []
