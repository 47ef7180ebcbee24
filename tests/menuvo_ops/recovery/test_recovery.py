"""The recovery file: what is in it, what is noticed about it, and when it is too old."""

import json
from pathlib import Path

import pytest
from tests.menuvo_ops.environment.complete import COMPLETE, write_env
from tests.menuvo_ops.rollout.releases import SCHEMA, admit, provided, release

from menuvo_ops.environment import Deployment
from menuvo_ops.errors import EnvironmentInvalid
from menuvo_ops.recovery import content
from menuvo_ops.recovery.remembered import complaint
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.records import Schema
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.server.command import main
from menuvo_ops.server.reminders import reminders

OVERRIDE = "services:\n\n  caddy:\n    environment: { TLS_MODE: internal }\n"
SECRET = COMPLETE["S3_SECRET_ACCESS_KEY"]


@pytest.fixture
def deployment(tmp_path: Path) -> Path:
    folder = tmp_path / "menuvo"
    folder.mkdir()
    write_env(folder, MINE="a 'quoted' $value")
    (folder / "docker-compose.override.yml").write_text(OVERRIDE)
    admit(provided(folder), release())
    return folder


def menuvo(folder: Path, *argv: str) -> int:
    return main([*argv, "--directory", str(folder)])


def test_it_has_the_whole_environment_and_what_is_the_operators_own(
    deployment: Path, tmp_path: Path
) -> None:
    file = tmp_path / "recovery.txt"
    assert menuvo(deployment, "recovery", "write", str(file)) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    found = content.read(file.read_text(), name="it")
    assert found.is_untouched
    assert {name: one.reveal() for name, one in found.source.values.items()} == {
        name: value for name, value in COMPLETE.items() if value
    }
    assert found.source.unknown["MINE"].reveal() == "a 'quoted' $value"
    assert found.files == {"docker-compose.override.yml": OVERRIDE}


def test_it_says_in_words_what_it_is_and_what_to_type(deployment: Path, tmp_path: Path) -> None:
    file = tmp_path / "recovery.txt"
    menuvo(deployment, "recovery", "write", str(file))
    told = "".join(line for line in file.read_text().splitlines(keepends=True) if line[0] == "#")
    assert told.startswith(f"# RECOVERY FILE OF {COMPLETE['DOMAIN']}, written 20")
    assert "./menuvo rebuild THIS-FILE --host" in told
    assert "docker cp menuvo-tool:/opt/menuvo/menuvo.pyz" in told
    assert SECRET not in told


def test_in_the_folder_that_is_lost_with_the_server_it_is_not_written(
    deployment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(deployment, "recovery", "write", str(deployment / "recovery.txt")) == 2
    assert not (deployment / "recovery.txt").exists()
    assert "would be lost together with this deployment" in capsys.readouterr().err


def test_it_replaces_an_older_one_and_nothing_else(
    deployment: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("a letter\n")
    assert menuvo(deployment, "recovery", "write", str(mine)) == 2
    assert mine.read_text() == "a letter\n"
    assert "is something else" in capsys.readouterr().err
    older = tmp_path / "older.txt"
    assert menuvo(deployment, "recovery", "write", str(older)) == 0
    assert menuvo(deployment, "recovery", "write", str(older)) == 0


def test_the_sheet_is_a_shorter_recovery_file(
    deployment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert menuvo(deployment, "recovery", "sheet") == 0
    sheet = content.read(capsys.readouterr().out, name="the sheet")
    assert sheet.is_untouched
    assert sheet.source.values["S3_SECRET_ACCESS_KEY"].reveal() == SECRET
    assert sheet.source.values["AUTH_SECRET"].reveal() == COMPLETE["AUTH_SECRET"]
    assert "DB_PASSWORD" not in sheet.source.values
    assert "BESZEL_HUB_KEY" not in sheet.source.values


def test_a_copy_without_its_end_is_none(deployment: Path, tmp_path: Path) -> None:
    file = tmp_path / "recovery.txt"
    menuvo(deployment, "recovery", "write", str(file))
    cut = file.read_text()[:-60]
    with pytest.raises(EnvironmentInvalid, match="has lost its end"):
        content.read(cut, name="it")
    with pytest.raises(EnvironmentInvalid, match="no recovery file"):
        content.read("DOMAIN=menuvo.example.org\n", name="it")


def test_a_line_that_is_another_one_is_noticed_and_read(deployment: Path, tmp_path: Path) -> None:
    file = tmp_path / "recovery.txt"
    menuvo(deployment, "recovery", "write", str(file))
    changed = file.read_text().replace(SECRET, "another-key")
    found = content.read(changed, name="it")
    assert not found.is_untouched
    assert found.source.values["S3_SECRET_ACCESS_KEY"].reveal() == "another-key"


def test_ends_of_lines_that_a_mail_has_changed_are_no_change(
    deployment: Path, tmp_path: Path
) -> None:
    file = tmp_path / "recovery.txt"
    menuvo(deployment, "recovery", "write", str(file))
    assert content.read(file.read_text().replace("\n", " \r\n"), name="it").is_untouched


def told(folder: Path) -> str:
    return complaint(Archive(folder), content.of_deployment(Stack(Deployment(folder))))


def test_it_is_missed_until_it_was_written_and_again_when_the_environment_changes(
    deployment: Path, tmp_path: Path
) -> None:
    assert told(deployment).startswith("No recovery file was written")
    menuvo(deployment, "recovery", "write", str(tmp_path / "recovery.txt"))
    assert told(deployment) == ""
    write_env(deployment, MINE="another")
    assert "is older than the environment" in told(deployment)


def test_another_release_is_a_reason_only_with_another_schema(
    deployment: Path, tmp_path: Path
) -> None:
    menuvo(deployment, "recovery", "write", str(tmp_path / "recovery.txt"))
    write_env(deployment, MINE="a 'quoted' $value", VERSION="b71d0c2e")
    admit(Archive(deployment), release(2, "b71d0c2e", schema=SCHEMA))
    assert told(deployment) == ""
    admit(Archive(deployment), release(3, "c0ffee00", schema=Schema("0001", "0007")))
    assert "names a release of schema 0003, and the database is at 0007" in told(deployment)


def test_what_is_remembered_of_it_is_no_secret(deployment: Path, tmp_path: Path) -> None:
    menuvo(deployment, "recovery", "write", str(tmp_path / "recovery.txt"))
    remembered = deployment / "releases/recovery.json"
    assert remembered.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(remembered.read_text())) == {"at", "environment", "schema"}
    assert SECRET not in remembered.read_text()


def test_before_the_first_deploy_nobody_is_reminded(tmp_path: Path) -> None:
    write_env(tmp_path)
    assert reminders(Stack(Deployment(tmp_path))) == []


def test_after_it_they_are_of_the_file_and_of_the_timers(
    deployment: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    file, timers = reminders(Stack(Deployment(deployment)))
    assert file.startswith("No recovery file was written")
    assert timers == "Nothing restores backups for trial by itself: ./menuvo timers install"
