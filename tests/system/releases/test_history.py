from pathlib import Path

import pytest

from tests.system.releases.history import VERSIONS, HistoryUnknown, Previous, find_previous, git
from tests.system.releases.repositories import SOMEBODY, commit, make_repository

pytestmark = pytest.mark.core


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A project that had a readme before it had a platform."""
    folder = tmp_path / "repository"
    make_repository(folder)
    (folder / "README.md").write_text("Menuvo")
    commit(folder, "Begin.")
    return folder


def add(repository: Path, number: str) -> None:
    versions = repository / VERSIONS
    versions.mkdir(parents=True, exist_ok=True)
    (versions / f"{number}_step.py").write_text("")


def release(repository: Path, number: str) -> str:
    add(repository, number)
    return commit(repository, f"Step {number}.")


def test_the_first_release_has_none_before_it(repository: Path) -> None:
    release(repository, "0001")
    release(repository, "0001")
    assert find_previous(repository) is None


def test_it_is_the_newest_commit_with_an_older_schema(repository: Path) -> None:
    release(repository, "0001")
    release(repository, "0002")
    newest = release(repository, "0002")
    release(repository, "0003")
    release(repository, "0003")
    assert find_previous(repository) == Previous(newest, "0002")


def test_a_step_that_is_not_committed_yet_counts(repository: Path) -> None:
    newest = release(repository, "0001")
    add(repository, "0002")
    assert find_previous(repository) == Previous(newest, "0001")


def test_a_commit_that_was_only_on_a_branch_was_never_a_release(repository: Path) -> None:
    deployed = release(repository, "0001")
    git(repository, "switch", "--quiet", "--create", "branch")
    release(repository, "0002")
    release(repository, "0003")
    git(repository, "switch", "--quiet", "main")
    git(repository, *SOMEBODY, "merge", "--quiet", "--no-ff", "-m", "Merge.", "branch")
    assert find_previous(repository) == Previous(deployed, "0001")


def test_a_shallow_clone_is_told_to_fetch_the_rest_instead_of_passing_for_a_first_release(
    repository: Path, tmp_path: Path
) -> None:
    before = release(repository, "0001")
    for _ in range(3):
        release(repository, "0002")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=2", repository.as_uri(), str(clone))
    with pytest.raises(HistoryUnknown, match="fetch-depth: 0"):
        find_previous(clone)
    git(clone, "fetch", "--quiet", "--unshallow")
    assert find_previous(clone) == Previous(before, "0001")


def test_a_folder_without_history_says_so(tmp_path: Path) -> None:
    with pytest.raises(HistoryUnknown, match="git does not tell the history"):
        find_previous(tmp_path)
