"""The environment on a server, where nobody is asked and nothing is installed."""

import json
from pathlib import Path

import pytest

from menuvo_ops.environment import Deployment, plain
from menuvo_ops.server import command


def test_init_makes_every_secret_and_names_what_a_person_has_to_fill_in(tmp_path: Path) -> None:
    found = plain.init(Deployment(tmp_path), domain="menu.example.org", from_file=None)
    written = (tmp_path / ".env").read_text()
    assert "DOMAIN=menu.example.org" in written
    assert "DB_PASSWORD=\n" not in written
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    assert any(line.startswith("error   S3_ENDPOINT") for line in found)
    assert not any("DB_PASSWORD" in line for line in found)


def test_a_second_init_changes_no_secret_and_takes_over_what_is_brought(tmp_path: Path) -> None:
    plain.init(Deployment(tmp_path), domain="menu.example.org", from_file=None)
    before = {line for line in (tmp_path / ".env").read_text().splitlines() if "PASSWORD=" in line}
    brought = tmp_path / "old.env"
    brought.write_text("S3_BUCKET=pictures\nDB_PASSWORD=another-password-of-old\n")
    plain.init(Deployment(tmp_path), domain=None, from_file=brought)
    written = (tmp_path / ".env").read_text()
    assert before <= set(written.splitlines())
    assert "S3_BUCKET=pictures" in written


def test_check_tells_programs_the_same_as_in_a_checkout_and_exits_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["env", "check", "--directory", str(tmp_path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    [error] = told.pop("errors")
    assert told == {"file": str(tmp_path / ".env"), "ok": False, "warnings": []}
    assert (error["name"], error["remedy"]) == (".env", "Run: menuvo env init")
