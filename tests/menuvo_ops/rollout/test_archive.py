"""The folder of releases: whole or not there, and what serves is one of them."""

import time
from pathlib import Path

import pytest
from tests.menuvo_ops.rollout.releases import admit, provided, release

from menuvo_ops.errors import Damaged, Usage
from menuvo_ops.rollout.journal import Journal


def test_before_the_first_deploy_there_is_nothing(tmp_path: Path) -> None:
    archive = provided(tmp_path)
    assert (archive.current(), archive.releases(), archive.next_number()) == (None, [], 1)


def test_a_draft_becomes_a_release_when_it_is_admitted(tmp_path: Path) -> None:
    archive = provided(tmp_path)
    first = admit(archive, release(1))
    assert not archive.draft.exists()
    assert archive.current() == first
    assert (archive.folder(1) / ".env").read_text() == "VERSION=4f2a91c0\n"
    assert archive.next_number() == 2


def test_a_run_that_was_cut_off_before_its_release_was_admitted_is_none(tmp_path: Path) -> None:
    archive = provided(tmp_path)
    journal = Journal(archive.journal)
    journal.open("deploy", 1, None, {})
    assert archive.under_way() is None
    admit(archive, release(1), serves=False)
    entry = archive.under_way()
    assert entry
    assert entry.release == 1


def test_a_draft_that_was_left_behind_makes_room_for_the_next(tmp_path: Path) -> None:
    archive = provided(tmp_path)
    (archive.new_draft() / "of-a-killed-run").touch()
    assert list(archive.new_draft().iterdir()) == []
    assert archive.releases() == []
    archive.discard_draft()
    archive.discard_draft()


def test_only_the_owner_can_look_in(tmp_path: Path) -> None:
    archive = provided(tmp_path)
    admit(archive, release(1))
    assert archive.root.stat().st_mode & 0o777 == 0o700
    assert archive.folder(1).stat().st_mode & 0o777 == 0o700
    assert (archive.folder(1) / "release.json").stat().st_mode & 0o777 == 0o600


def test_releases_are_in_order_of_their_numbers(tmp_path: Path) -> None:
    archive = provided(tmp_path)
    for number in (1, 2, 10):
        admit(archive, release(number))
    (archive.root / "3").mkdir()
    assert archive.numbers() == [1, 2, 10]
    assert archive.next_number() == 11


@pytest.mark.parametrize(("name", "found"), [("2", 2), ("abc", 3), ("abcdef", 3), ("99aa", 1)])
def test_a_release_is_found_by_number_or_by_the_first_signs_of_its_version(
    tmp_path: Path, name: str, found: int
) -> None:
    archive = provided(tmp_path)
    admit(archive, release(1, "99aabb"))
    admit(archive, release(2, "abcdef"))
    admit(archive, release(3, "abcdef"))
    admit(archive, release(4, "abcdef"), serves=False)
    archive.mark_failed(4)
    assert archive.find(name).number == found


@pytest.mark.parametrize("name", ["17", "nothing-of-the-kind"])
def test_an_unknown_release_is_refused_with_where_to_look(tmp_path: Path, name: str) -> None:
    archive = provided(tmp_path)
    admit(archive, release(1))
    with pytest.raises(Usage, match=f"no release {name}") as refusal:
        archive.find(name)
    assert "menuvo releases" in refusal.value.hint


@pytest.mark.parametrize("content", ["", "{", "[]", '{"number": 1}'])
def test_a_record_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    archive = provided(tmp_path)
    admit(archive, release(1))
    (archive.folder(1) / "release.json").write_text(content)
    with pytest.raises(Damaged, match="release 1") as refusal:
        archive.load(1)
    assert "release.json" in refusal.value.hint


def test_what_serves_changes_in_one_step(tmp_path: Path) -> None:
    archive = provided(tmp_path)
    admit(archive, release(1))
    admit(archive, release(2, "second"))
    (archive.root / ".current").symlink_to("half-made")
    archive.make_current(1)
    current = archive.current()
    assert current
    assert current.number == 1


def test_a_file_from_an_image_is_forgotten_after_a_day_and_not_while_a_run_may_start_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = provided(tmp_path)
    archive.incoming.mkdir()
    file = archive.incoming / "0123456789abcdef.pyz"
    file.touch()
    archive.forget_incoming()
    assert file.exists()
    tomorrow = time.time() + 25 * 3600
    monkeypatch.setattr("menuvo_ops.rollout.archive.time.time", lambda: tomorrow)
    archive.forget_incoming()
    assert not file.exists()
