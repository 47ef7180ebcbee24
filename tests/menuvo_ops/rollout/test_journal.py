"""The journal is on disk before each step, and readable wherever a power cut has left it."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menuvo_ops.rollout.journal import Journal, Mark


def opened(folder: Path) -> Journal:
    journal = Journal(folder / "journal.jsonl")
    journal.open("deploy", 7, 6, {"soak_seconds": 2.0, "repair": False})
    return journal


def test_without_a_journal_nothing_is_under_way(tmp_path: Path) -> None:
    assert Journal(tmp_path / "journal.jsonl").read() is None


def test_what_was_opened_is_read_again(tmp_path: Path) -> None:
    entry = opened(tmp_path).read()
    assert entry
    assert (entry.verb, entry.release, entry.previous) == ("deploy", 7, 6)
    assert entry.options == {"soak_seconds": 2.0, "repair": False}
    assert entry.at_step == "the beginning"
    assert not entry.is_undoing


def test_a_restore_is_told_by_its_backup(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.open("restore", 7, 7, {"backup": "20261128T030000Z"})
    entry = journal.read()
    assert entry
    assert entry.told == "restore of backup 20261128T030000Z"
    assert "menuvo restore again finishes it" in entry.what_to_do
    journal.mark("stop", "failed")
    undoing = journal.read()
    assert undoing
    assert "again takes back what is left of it" in undoing.what_to_do


def test_a_restore_to_a_moment_is_told_by_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.open("restore", 7, 7, {"at": "latest", "was_lost": True})
    entry = journal.read()
    assert entry
    assert entry.told == "restore of the database of latest"


def test_a_step_has_its_last_mark(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    journal.mark("canary", "begun")
    journal.mark("canary", "done")
    journal.mark("install", "begun")
    entry = journal.read()
    assert entry
    assert dict(entry.steps) == {"canary": "done", "install": "begun"}
    assert entry.at_step == "install"
    assert not entry.is_undoing


@pytest.mark.parametrize("mark", ["failed", "undoing", "undone"])
def test_after_a_failure_the_way_leads_back(tmp_path: Path, mark: Mark) -> None:
    journal = opened(tmp_path)
    journal.mark("canary", "done")
    journal.mark("platform-a", mark)
    entry = journal.read()
    assert entry
    assert entry.is_undoing


def test_a_closed_journal_is_kept_with_its_release(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    journal.close(tmp_path / "kept.jsonl")
    assert journal.read() is None
    assert json.loads((tmp_path / "kept.jsonl").read_text())["release"] == 7


def test_a_journal_that_is_opened_begins_anew(tmp_path: Path) -> None:
    opened(tmp_path).mark("canary", "begun")
    entry = opened(tmp_path).read()
    assert entry
    assert dict(entry.steps) == {}


def test_what_is_written_after_a_torn_line_is_read(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    journal.mark("canary", "done")
    with journal.file.open("a") as file:
        file.write('{"at": "2026-11-28T01:00:00+00:00", "step": "ins')
    journal.mark("install", "begun")
    entry = journal.read()
    assert entry
    assert dict(entry.steps) == {"canary": "done", "install": "begun"}


@settings(deadline=None, max_examples=40)  # Each line waits for the disk.
@given(st.data())
def test_a_journal_cut_anywhere_tells_what_was_whole(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    journal = opened(tmp_path_factory.mktemp("journal"))
    for step in ("canary", "install", "platform-a"):
        journal.mark(step, "begun")
        journal.mark(step, "done")
    written = journal.file.read_bytes()
    cut = data.draw(st.integers(0, len(written)))
    journal.file.write_bytes(written[:cut])
    whole = [json.loads(line) for line in written[: cut + 1].decode().split("\n")[:-1]]
    entry = journal.read()
    assert (entry is None) == (not whole)
    if entry is not None:
        assert dict(entry.steps) == {line["step"]: line["mark"] for line in whole[1:]}
