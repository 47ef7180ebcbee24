from pathlib import Path

from menuvo_ops.local.keys import key


def test_a_key_changes_with_names_contents_and_places(tmp_path: Path) -> None:
    folder = tmp_path / "module"
    (folder / "sub").mkdir(parents=True)
    (folder / "go.mod").write_text("1")
    keys = {key(folder), key(folder, "tag")}
    (folder / "go.mod").write_text("2")
    keys.add(key(folder))
    (folder / "go.mod").rename(folder / "sub" / "go.mod")
    keys.add(key(folder))

    assert len(keys) == 4
    assert key("ab", "c") != key("a", "bc")
