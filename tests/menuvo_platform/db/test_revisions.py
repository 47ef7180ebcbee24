from pathlib import Path

import pytest

from menuvo_platform.db.revisions import Revision, read_contracts, read_revisions


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.py").write_text(text)


def test_steps_are_read_in_order_with_their_marks_and_without_running_them(tmp_path: Path) -> None:
    write(tmp_path, "0002_add_tip", "raise AssertionError")
    write(tmp_path, "0001_spine", '"""All."""\nrevision = "0001"')
    write(tmp_path, "0003_drop_note", 'import nowhere\nCONTRACT = "0002"\nrevision = "0003"')
    write(tmp_path, "__init__", "")
    revisions = read_revisions(tmp_path)
    assert revisions == (
        Revision("0001", "spine"),
        Revision("0002", "add_tip"),
        Revision("0003", "drop_note", contract="0002"),
    )
    assert read_contracts(revisions) == {"0003": "0002"}
    assert str(revisions[1]) == "0002 add_tip"


@pytest.mark.parametrize("mark", ["0002", "0003", "0000", "2"])
def test_a_mark_names_an_earlier_step(tmp_path: Path, mark: str) -> None:
    write(tmp_path, "0001_spine", "")
    write(tmp_path, "0002_drop_note", f'CONTRACT = "{mark}"')
    write(tmp_path, "0003_add_tip", "")
    with pytest.raises(ValueError, match="0002 drop_note: CONTRACT must name an earlier revision"):
        read_revisions(tmp_path)


@pytest.mark.parametrize("mark", ["CONTRACT = 1", "CONTRACT: str = '0001'", "CONTRACT = FIRST"])
def test_a_mark_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path, mark: str) -> None:
    write(tmp_path, "0001_spine", "")
    write(tmp_path, "0002_drop_note", mark)
    with pytest.raises(ValueError, match=r"0002_drop_note\.py: write the mark plainly"):
        read_revisions(tmp_path)
