"""That the test of the previous release works: it has something to find in a made-up history."""

import re
from pathlib import Path

import pytest

from menuvo_platform.db.schema import HEAD
from tests.menuvo_platform.db.steps import AFTER_NEXT, NEXT, add_step
from tests.system.clone import copy_checkout
from tests.system.releases.history import VERSIONS, find_previous
from tests.system.releases.outliving import Broken, Code, Place, outlive, settle, unpack
from tests.system.releases.repositories import commit, make_repository

pytestmark = pytest.mark.core


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A history of one release, which is the present one."""
    folder = tmp_path / "repository"
    copy_checkout(folder)
    make_repository(folder)
    commit(folder, "The release that runs.")
    return folder


def release(repository: Path, head: str, *statements: str) -> None:
    """A release with one more step."""
    assert add_step(repository / VERSIONS, "newest", *statements) == head
    schema = repository / "src/menuvo_platform/db/schema.py"
    text = re.sub(r'^HEAD = "\d+"', f'HEAD = "{head}"', schema.read_text(), flags=re.MULTILINE)
    schema.write_text(text)
    commit(repository, "The release that comes.")


def test_a_release_outlives_a_step_that_adds_and_is_seen_to_break_on_one_that_takes_away(
    repository: Path, place: Place, tmp_path: Path
) -> None:
    release(repository, NEXT, "ALTER TABLE orders ADD COLUMN tip_cents bigint NOT NULL DEFAULT 0")
    previous = find_previous(repository)
    assert previous
    assert previous.head == HEAD
    code = unpack(repository, previous, tmp_path / "previous")
    demo = settle(code, place)
    outlive(code, demo, head=HEAD, present=Code(repository), place=place)

    release(repository, AFTER_NEXT, "ALTER TABLE orders DROP COLUMN allergy_note")
    with pytest.raises(Broken, match="while it runs on the new schema") as broken:
        outlive(code, demo, head=HEAD, present=Code(repository), place=place)
    assert "The smoke test failed: 500" in str(broken.value)
    assert "column orders.allergy_note does not exist" in str(broken.value)
