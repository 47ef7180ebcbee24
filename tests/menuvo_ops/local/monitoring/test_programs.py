"""Gatus and Beszel are built once, whole, and only where that is possible."""

from pathlib import Path

import pytest
from tests.conftest import CHECKOUT
from tests.menuvo_ops.local.monitoring.toolchain import toolchain_in

from menuvo_ops.errors import CommandFailed, MissingProgram
from menuvo_ops.local.monitoring import modules
from menuvo_ops.local.monitoring.programs import build, can_be_built, find
from menuvo_ops.local.paths import Clone


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    clone = Clone(tmp_path / "clone")
    clone.root.mkdir()
    (clone.root / "infra").symlink_to(CHECKOUT / "infra")
    return clone


def built(clone: Clone) -> tuple[list[str], list[str]]:
    """What was said, and what was shown meanwhile."""
    said, shown = list[str](), list[str]()
    build(clone, say=said.append, show=shown.append)
    return said, shown


def test_all_three_are_built_once_and_found_afterwards(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toolchain_in(tmp_path, monkeypatch)
    assert find(clone) is None
    assert can_be_built(clone)
    said, shown = built(clone)

    programs = find(clone)
    assert programs
    assert programs.beszel
    assert programs.beszel.hub.read_text() == "pages\n"
    assert "infra/beszel/build" in programs.beszel.agent.read_text()
    assert said[0].startswith("Building gatus, agent, beszel.")
    assert [line.split()[0] for line in said[1:]] == ["gatus", "agent", "beszel"]
    assert "Building gatus: downloading example.org/one v1.0.0" in shown
    assert "Building gatus: 2 of 3 packages" in shown
    assert "Building beszel: making its pages" in shown
    for home in clone.programs.iterdir():
        assert [one.name for one in home.iterdir()] == [home.name.rpartition("-")[0]]

    assert built(clone) == ([], [])
    assert not can_be_built(clone)


def test_without_go_nothing_is_begun_and_it_is_said_what_to_do(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (toolchain_in(tmp_path, monkeypatch) / "go").unlink()
    with pytest.raises(MissingProgram, match=r"built with Go 1\.21 or newer") as refusal:
        built(clone)
    assert "https://go.dev/dl" in refusal.value.hint
    assert not clone.programs.exists()
    assert not can_be_built(clone)


def test_without_npm_gatus_is_built_alone_and_beszel_when_npm_is_there(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toolchain_in(tmp_path / "without", monkeypatch, npm=False)
    said, _ = built(clone)
    assert said[0].startswith("Gatus runs without Beszel: npm")
    programs = find(clone)
    assert programs
    assert programs.beszel is None

    toolchain_in(tmp_path / "with", monkeypatch)
    said, _ = built(clone)
    assert said[0].startswith("Building agent, beszel.")
    programs = find(clone)
    assert programs
    assert programs.beszel


def test_a_build_that_fails_leaves_what_was_whole_and_says_how_to_go_on(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble = 'case $output in */gatus) ;; *) echo "no space left" >&2; exit 1 ;; esac'
    toolchain_in(tmp_path, monkeypatch, trouble=trouble)
    with pytest.raises(CommandFailed, match="Building agent failed") as failure:
        built(clone)
    assert failure.value.hint.splitlines()[-2:] == [
        "no space left",
        "Everything but them: ./menuvo up",
    ]
    gatus = modules.gatus(clone.root).home(clone.programs)
    assert list(clone.programs.iterdir()) == [gatus]


def test_what_was_built_of_older_pins_goes_when_the_new_one_is_there(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, other = clone.programs / "gatus-0000", clone.programs / "gate-0000"
    for folder in (older, other):
        folder.mkdir(parents=True)
    toolchain_in(tmp_path, monkeypatch, npm=False)
    assert find(clone) is None
    built(clone)
    assert (older.exists(), other.exists()) == (False, True)
