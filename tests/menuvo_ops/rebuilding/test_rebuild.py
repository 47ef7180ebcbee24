"""A rebuild that was cut off: finished as far as it goes, or taken back, by the next command."""

from pathlib import Path

import pytest
from tests.menuvo_ops.backups.engine import Engine
from tests.menuvo_ops.environment.complete import write_env

from menuvo_ops.rollout.journal import Journal
from menuvo_ops.server.command import main

BACKUP = "20261128T030000Z"


@pytest.fixture
def recovery_file(engine: Engine, tmp_path: Path) -> Path:
    """Of a deployment that has begun to be rebuilt from it, and serves nothing yet."""
    file = tmp_path / "recovery.txt"
    write_env(engine.folder)
    assert menuvo(engine, "recovery", "write", str(file)) == 0
    (engine.folder / ".env").unlink()
    (engine.archive.root / "current").unlink()
    write_env(engine.archive.folder(1))
    Journal(engine.archive.journal).open("rebuild", 1, None, {"backup": BACKUP})
    engine.set(containers={}, live="", did=[])
    return file


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
