"""Which server is empty enough, and which backup of the bucket is taken."""

import os
import sys
from pathlib import Path

import pytest
from tests.menuvo_ops.rollout.releases import admit, provided, release

from menuvo_ops.backups.records import Backup
from menuvo_ops.environment import Deployment
from menuvo_ops.environment.merging import Source
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.errors import NotReady
from menuvo_ops.rebuilding.bucket import choose
from menuvo_ops.rebuilding.ground import what_is_there
from menuvo_ops.recovery.content import Recovery
from menuvo_ops.rollout.archive import JOURNAL, Archive
from menuvo_ops.rollout.journal import Journal
from menuvo_ops.rollout.stack import Stack

RECOVERY = Recovery(Source(unknown={"COMPOSE_PROJECT_NAME": Redacted("mine")}), {})
_PROGRAM = """
import os, sys
asked = " ".join(sys.argv[1:])
if asked.startswith("volume ls") and "label=com.docker.compose.project=mine" in asked:
    print(os.environ["VOLUMES"])
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "docker").write_text(f"#!{sys.executable} -IS\n{_PROGRAM}")
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("VOLUMES", "")
    (tmp_path / "menuvo").mkdir()
    return tmp_path / "menuvo"


def told(folder: Path) -> str:
    found = what_is_there(Stack(Deployment(folder)), Archive(folder), RECOVERY)
    return "\n".join(map(str, found))


def test_an_empty_server_is_empty(folder: Path) -> None:
    assert told(folder) == ""


def test_what_is_there_is_told_all_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOLUMES", "mine_postgres-data")
    (folder / ".env").touch()
    admit(provided(folder), release())
    found = told(folder)
    assert "Release 1 (4f2a91c0) was deployed here" in found
    assert "docker volume rm mine_postgres-data" in found
    assert f"There is an environment already: {folder}/.env" in found


def tried(folder: Path, verb: "str") -> None:
    archive = provided(folder)
    Journal(archive.journal).open("rebuild" if verb == "rebuild" else "deploy", 1, None, {})
    admit(archive, release(), serves=False)
    Journal(archive.journal).close(archive.folder(1) / JOURNAL)
    archive.mark_failed(1)


@pytest.mark.parametrize(("verb", "may_go_on"), [("rebuild", True), ("deploy", False)])
def test_what_a_rebuild_has_left_that_was_taken_back_is_for_the_next_try(
    folder: Path, monkeypatch: pytest.MonkeyPatch, verb: str, may_go_on: bool
) -> None:
    monkeypatch.setenv("VOLUMES", "mine_postgres-data")
    tried(folder, verb)
    assert (told(folder) == "") == may_go_on


NEWEST = Backup("20261128T030000Z", "good", size=1, uploaded=True)
REFUTED = Backup("20261129T030000Z", "failed", size=1, uploaded=True, refuted=True)
OLDER = Backup("20261127T030000Z", "good", size=1, uploaded=True)


@pytest.mark.parametrize("name", [None, "latest"])
def test_the_newest_that_can_be_restored_is_taken_where_none_is_named(name: str | None) -> None:
    assert choose([REFUTED, NEWEST, OLDER], name) == NEWEST


def test_one_that_is_named_is_taken() -> None:
    assert choose([REFUTED, NEWEST, OLDER], OLDER.id) == OLDER


def test_one_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(NotReady, match="has no backup 20200101T000000Z") as refusal:
        choose([REFUTED, NEWEST, OLDER], "20200101T000000Z")
    assert refusal.value.hint == f"Its newest are: {NEWEST.id}, {OLDER.id}."


def test_a_bucket_without_any_is_told_with_where_to_look() -> None:
    with pytest.raises(NotReady, match="has no backup that can be restored") as refusal:
        choose([], None)
    assert "BACKUP_S3_PREFIX" in refusal.value.hint
