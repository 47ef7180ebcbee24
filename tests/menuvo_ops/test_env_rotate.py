"""`menuvo env rotate` as far as no engine is asked: what is typed, piped in and listed."""

import io
import json
import re
from pathlib import Path

import pytest
from tests.menuvo_ops.environment.complete import secret_values, write_env
from tests.menuvo_ops.rollout.releases import provided, release

from menuvo_ops.environment.bringing import bring
from menuvo_ops.environment.rotations import ROTATIONS, find_rotation
from menuvo_ops.errors import Usage
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.server.command import main

KEY = find_rotation("S3_ACCESS_KEY_ID")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ([], "Which secret?"),
        (["DOMAIN"], "DOMAIN is no secret."),
        (["NOBODYS_NAME"], "NOBODYS_NAME is no name of the environment."),
        (["SENTRY_AUTH_TOKEN"], "SENTRY_AUTH_TOKEN is not changed here."),
        (["DB_PASSWORD", "--finish"], "--finish belongs to AUTH_SECRET"),
        (["DB_PASSWORD", "--env-from", "values"], "DB_PASSWORD is made here"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_asked(
    typed: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["env", "rotate", *typed, "--directory", str(tmp_path)]) == 2
    assert told in capsys.readouterr().err


def test_what_is_piped_in_is_a_line_for_each_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("NEWKEYID\nnew/secret+key=\n"))
    assert bring(KEY, None) == {
        "S3_ACCESS_KEY_ID": "NEWKEYID",
        "S3_SECRET_ACCESS_KEY": "new/secret+key=",
    }


def test_a_value_that_is_missing_or_malformed_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("NEWKEYID\n"))
    with pytest.raises(Usage, match="S3_SECRET_ACCESS_KEY is missing"):
        bring(KEY, None)
    file = tmp_path / "values"
    file.write_text("STRIPE_SECRET_KEY=no-key-of-theirs\n")
    with pytest.raises(Usage, match="STRIPE_SECRET_KEY is malformed") as refusal:
        bring(ROTATIONS["STRIPE_SECRET_KEY"], file)
    assert "no-key-of-theirs" not in refusal.value.message + refusal.value.hint


def served(archive: Archive, number: int, **changed: str) -> None:
    draft = archive.new_draft()
    write_env(draft, **changed)
    archive.admit(release(number))
    archive.make_current(number)


def test_the_list_tells_since_when_a_secret_is_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = provided(tmp_path)
    served(archive, 1, AUTH_SECRET="o" * 40)
    served(archive, 2)
    served(archive, 3)
    archive.make_current(2)
    archive.mark_failed(3)
    write_env(tmp_path, DEADMAN_URL="")
    assert main(["env", "rotate", "--list", "--json", "--directory", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    rows = {row["name"]: row for row in json.loads(printed)}
    assert rows.keys() == ROTATIONS.keys()
    assert (rows["AUTH_SECRET"]["changed_at"], rows["AUTH_SECRET"]["older_than"]) == (
        "2026-11-28T01:00:00+00:00",
        None,
    )
    assert rows["DB_PASSWORD"]["changed_at"] is None
    assert rows["DB_PASSWORD"]["older_than"] == "2026-11-28T01:00:00+00:00"
    assert not rows["DEADMAN_URL"]["is_set"]
    assert main(["env", "rotate", "--list", "--directory", str(tmp_path)]) == 0
    printed += capsys.readouterr().out
    assert re.search(r"^AUTH_SECRET +since 2026-11-28 ", printed, re.MULTILINE)
    assert re.search(r"^DB_PASSWORD +from before 2026-11-28 ", printed, re.MULTILINE)
    for secret in secret_values():
        assert secret not in printed
