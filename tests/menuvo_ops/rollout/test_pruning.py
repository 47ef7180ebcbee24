"""Three releases can come back, and whoever is needed on the way to them."""

from pathlib import Path

from tests.menuvo_ops.rollout.releases import admit, provided, release

from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.pruning import releases_to_keep


def deployed(folder: Path, numbers: int) -> Archive:
    archive = provided(folder)
    for number in range(1, numbers + 1):
        admit(archive, release(number, f"v{number}", previous=number - 1 or None))
    return archive


def test_the_last_three_are_kept(tmp_path: Path) -> None:
    assert releases_to_keep(deployed(tmp_path, 5)) == {3, 4, 5}


def test_before_there_are_three_all_are_kept(tmp_path: Path) -> None:
    assert releases_to_keep(deployed(tmp_path, 2)) == {1, 2}


def test_the_last_one_that_failed_is_kept_beside_them(tmp_path: Path) -> None:
    archive = deployed(tmp_path, 4)
    for number in (5, 6):
        admit(archive, release(number, "bad", previous=4), serves=False)
        archive.mark_failed(number)
    assert releases_to_keep(archive) == {2, 3, 4, 6}


def test_what_ran_before_a_rollback_outlives_its_clean_up(tmp_path: Path) -> None:
    """Else a rollback that is cut off in its last step could not be finished."""
    archive = deployed(tmp_path, 5)
    admit(archive, release(6, "v3", previous=5, restores=3))
    assert {5, 6} <= releases_to_keep(archive)


def test_after_a_rollback_and_its_clean_up_one_can_still_go_further_back(tmp_path: Path) -> None:
    """6 is 3 again, so 2 was before it."""
    archive = deployed(tmp_path, 5)
    again = admit(archive, release(6, "v3", previous=5, restores=3))
    for number in set(archive.numbers()) - releases_to_keep(archive):
        archive.remove(number)
    before = archive.before(again)
    assert before
    assert before.number == 2
