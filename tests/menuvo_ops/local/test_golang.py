"""Programs of Go's, with a small module of our own in the place of a large one."""

import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from menuvo_ops.commands import golang
from menuvo_ops.errors import CommandFailed
from menuvo_ops.local.golang import Builder, Module, environment, find_go, parse_version

MAIN = 'package main\n\nimport "greeting.invalid/words"\n\nfunc main() { println(words.Hello) }\n'


def module_in(folder: Path, *, greeting: str = "") -> Module:
    """Another one in each run: what Go has compiled once it names no more."""
    unique = f'"hello {uuid4()}"'
    (folder / "words").mkdir(parents=True)
    (folder / "go.mod").write_text("module greeting.invalid\n\ngo 1.21\n")
    (folder / "main.go").write_text(MAIN)
    (folder / "words/words.go").write_text(f"package words\n\nconst Hello = {greeting or unique}\n")
    return Module("greeting", folder, ".")


def builder(shown: list[str]) -> Builder:
    go = find_go()
    if go is None:
        pytest.skip("There is no Go on this machine.")
    return Builder(go, show=shown.append)


def test_a_module_becomes_a_program_and_each_package_is_shown(tmp_path: Path) -> None:
    module, shown = module_in(tmp_path / "source"), list[str]()
    builder(shown).build(module, tmp_path / "programs")
    said = subprocess.run([module.program(tmp_path / "programs")], capture_output=True, check=True)
    assert said.stderr.startswith(b"hello ")
    assert shown
    _, _, of_all = shown[-1].partition(" of ")
    assert int(of_all.removesuffix(" packages")) >= 2


def test_a_build_that_fails_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    module = module_in(tmp_path / "source", greeting="nothing that is known")
    with pytest.raises(CommandFailed, match="Building greeting failed") as failure:
        builder([]).build(module, tmp_path / "programs")
    assert "words.go" in failure.value.hint
    assert list((tmp_path / "programs").iterdir()) == []


def test_what_a_killed_build_has_left_is_not_taken_over(tmp_path: Path) -> None:
    module, programs = module_in(tmp_path / "source"), tmp_path / "programs"
    left = programs / f"{module.home(programs).name}.partial" / "half"
    left.mkdir(parents=True)
    builder([]).build(module, programs)
    assert [one.name for one in module.home(programs).iterdir()] == ["greeting"]
    assert not left.parent.exists()


def test_another_pin_is_another_program(tmp_path: Path) -> None:
    module = module_in(tmp_path / "source")
    before = module.program(tmp_path)
    (module.folder / "go.mod").write_text("module greeting.invalid\n\ngo 1.22\n")
    assert module.program(tmp_path) != before


def test_a_go_that_is_too_old_counts_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_go() is None
    for version, suits in (("go1.20.14", False), ("go1.21.0", True)):
        (tmp_path / "go").write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / "go").chmod(0o755)
        assert (find_go() is not None) is suits


@pytest.mark.parametrize(
    ("shown", "version"), [("go1.26.8\n", (1, 26)), ("go1.27rc1", (1, 27)), ("devel", (0,))]
)
def test_versions_of_go_compare(shown: str, version: tuple[int, ...]) -> None:
    assert parse_version(shown) == version


def test_programs_are_static_and_name_no_path_of_this_machine() -> None:
    folder, output = Path("/m"), Path("/out")
    argv = golang.build(Path("/go"), folder, "example.invalid/hub", output, tags="development")
    assert {"-trimpath", "-tags=development", "-mod=readonly"} < set(argv)
    assert argv[-3:] == ["-o", "/out", "example.invalid/hub"]
    assert environment()["CGO_ENABLED"] == "0"
