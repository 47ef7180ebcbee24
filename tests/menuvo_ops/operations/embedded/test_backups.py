"""Backups and restores of what `menuvo up` runs, with the real PostgreSQL and `menuvo-backup`."""

import json
from pathlib import Path

import anyio
import asyncpg
import pytest
from tests.menuvo_ops.operations.embedded.trial import Trial
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.commands.server import Manner, Wish
from menuvo_ops.containers.local import LocalProduction
from menuvo_ops.errors import NotReady, Usage
from menuvo_ops.local import control
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.ports import remembered_ports
from menuvo_ops.operations.embedded.backups.verbs import backups
from menuvo_ops.operations.embedded.down import down
from menuvo_ops.operations.engines import Containers
from menuvo_ops.rollout.lock import Lock

# As of a migration that works when the supervisor runs it, and not on what was just restored.
BROKEN = "'MENUVO_STATE' not in os.environ"


def ask(trial: Trial, statement: str) -> list[str]:
    password = (trial.clone.secrets / "postgres").read_text()
    port = remembered_ports(trial.clone.ports)["postgres"]

    async def asked() -> list[str]:
        connection = await asyncpg.connect(
            f"postgresql://menuvo:{password}@127.0.0.1:{port}/menuvo"
        )
        try:
            return [str(row[0]) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    return anyio.run(asked)


def dishes(trial: Trial) -> list[str]:
    return ask(trial, "SELECT name FROM dishes ORDER BY name")


def kept(trial: Trial) -> list[str]:
    return ask(trial, "SELECT datname FROM pg_database WHERE datname ~ '_(before|undone)_'")


@pytest.fixture
def at_work(trial: Trial) -> Trial:
    """With one dish in its backup, and another one since."""
    done = trial.up_detached()
    assert done.returncode == 0, done.stderr
    ask(trial, "CREATE TABLE dishes (name text)")
    ask(trial, "CREATE TABLE alembic_version (version_num text)")
    ask(trial, "INSERT INTO alembic_version VALUES ('0001')")
    ask(trial, "INSERT INTO dishes VALUES ('soup')")
    made = trial.backups("backup", "now", no_verify=True)
    assert made.returncode == 0, made.stderr
    ask(trial, "INSERT INTO dishes VALUES ('bread')")
    return trial


@pytest.mark.system
@pytest.mark.core
def test_a_restore_and_its_way_back_and_the_end_of_that_way(at_work: Trial) -> None:
    done = at_work.backups("restore")
    assert done.returncode == 0, done.stderr
    assert dishes(at_work) == ["soup"]
    assert at_work.state() == "running"
    assert "1 of 3 pictures is not on this disk" in done.stderr
    assert "It has 2 rows at schema 0001." in done.stderr
    assert "/m" in done.stdout
    assert not at_work.clone.restore.exists()

    assert at_work.backups("restore", undo=True).returncode == 0
    assert dishes(at_work) == ["bread", "soup"]

    assert at_work.backups("restore", forget=True).returncode == 0
    assert kept(at_work) == []
    again = at_work.backups("restore", undo=True)
    assert again.returncode == 1
    assert "No restore kept a database." in again.stderr
    assert at_work.state() == "running"


@pytest.mark.system
@pytest.mark.core
def test_what_cannot_be_migrated_is_taken_back_and_everything_runs_again(at_work: Trial) -> None:
    at_work.install_platform(migration=BROKEN)
    done = at_work.backups("restore")
    assert done.returncode == 3
    assert "Taken back: What was restored cannot be brought to the schema" in done.stderr
    assert dishes(at_work) == ["bread", "soup"]
    assert at_work.state() == "running"
    assert not at_work.clone.restore.exists()


@pytest.mark.system
def test_what_is_refused_stops_and_changes_nothing(at_work: Trial) -> None:
    ask(at_work, "UPDATE alembic_version SET version_num = '0009'")
    assert at_work.backups("backup", "now", no_verify=True).returncode == 0
    before = [one["pid"] for one in status(at_work)]

    unasked = at_work.backups("restore", yes=False)
    assert (unasked.returncode, "Nobody is there to ask." in unasked.stderr) == (2, True)
    newer = at_work.backups("restore")
    assert newer.returncode == 1
    assert "It is at schema 0009, and this checkout makes 0001." in newer.stderr
    assert "or restore one that fits: 20" in newer.stderr
    assert at_work.backups("restore", which="20200101T000000Z").returncode == 2
    with Lock(at_work.clone.backups_lock, "somebody").take():
        locked = at_work.backups("restore")
    assert (locked.returncode, "somebody" in locked.stderr) == (4, True)

    assert [one["pid"] for one in status(at_work)] == before
    assert kept(at_work) == []


def status(trial: Trial) -> list[dict[str, object]]:
    answer = control.ask(trial.clone.control, {"verb": "status"})
    assert answer is not None
    return answer["services"]  # pyright: ignore[reportReturnType]


@pytest.mark.system
def test_backups_are_shown_while_nothing_runs_and_outlive_the_data(
    at_work: Trial, capsys: pytest.CaptureFixture[str]
) -> None:
    down(at_work.clone, delete_data=True)
    assert "1 backup stays in" in capsys.readouterr().err
    assert [one.name for one in at_work.clone.secrets.iterdir()] == ["auth-secret"]
    assert "20" in at_work.backups("backup", "list").stdout
    stopped = at_work.backups("backup", "now")
    assert (stopped.returncode, "Menuvo is not running here." in stopped.stderr) == (1, True)

    assert at_work.up_detached().returncode == 0
    assert at_work.backups("restore").returncode == 0
    assert dishes(at_work) == ["soup"]


@pytest.mark.system
def test_what_was_cut_off_is_told_and_ended_by_the_next_up(at_work: Trial) -> None:
    ask(at_work, "CREATE DATABASE menuvo_restoring")
    opening = {"at": "2026-11-28T09:00:00+00:00", "verb": "restore", "release": 0}
    opening |= {"previous": None, "options": {"backup": "20261128T090000Z", "kept": ""}}
    begun = {"at": "2026-11-28T09:00:01+00:00", "step": "replace", "mark": "begun"}
    at_work.clone.restore.write_text("\n".join(map(json.dumps, (opening, begun))) + "\n")
    dry = at_work.backups("restore", dry_run=True)
    assert (dry.returncode, at_work.clone.restore.exists()) == (1, True)

    told = at_work.up_detached().stderr
    assert "restore of backup 20261128T090000Z was cut off at: replace." in told
    assert "The database is as it was before." in told
    assert not at_work.clone.restore.exists()
    eventually(lambda: ask(at_work, "SELECT 1 FROM pg_database WHERE datname ~ 'ing$'") == [])


def test_where_nothing_ever_ran_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"Nothing runs here: \./menuvo up"):
        backups(Clone(tmp_path), Wish("restore"), Manner(yes=True))


def test_the_containers_of_up_are_not_spoken_to_and_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="does not speak to the containers") as refusal:
        Containers(LocalProduction(Clone(tmp_path))).backups(Wish("backup", "now"), Manner())
    assert "menuvo-backup now" in refusal.value.hint


def test_patience_is_for_deployments(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="--patience belongs to a deployment"):
        backups(Clone(tmp_path), Wish("restore", patience_seconds=3), Manner(yes=True))


@pytest.mark.parametrize("wish", [Wish("restore", at="latest"), Wish("backup", "window")])
def test_without_an_archive_there_is_no_moment_to_go_back_to(tmp_path: Path, wish: Wish) -> None:
    with pytest.raises(Usage, match="keeps no archive of its changes") as refused:
        backups(Clone(tmp_path), wish, Manner(yes=True))
    assert "./menuvo restore ID" in refused.value.hint
