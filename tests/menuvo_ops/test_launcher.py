"""`./menuvo`, in a copy of the clone that has no environment yet."""

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from menuvo_ops.local.paths import this_clone

NOT_RUNNING = "Menuvo is not running. Start it with: ./menuvo up\n"


def launch(
    clone: Path, *arguments: str, path: Sequence[Path | str] = ()
) -> subprocess.CompletedProcess[str]:
    search = ":".join(map(str, path)) or os.environ["PATH"]
    return subprocess.run(
        [clone / "menuvo", *arguments],
        env={**os.environ, "PATH": search},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """What git would check out, as far as the tool needs it."""
    source, clone = this_clone().root, tmp_path / "a clone"
    clone.mkdir()
    for name in ("menuvo", "pyproject.toml", "uv.lock", "README.md", "LICENSE"):
        shutil.copy(source / name, clone / name)
    for package in ("menuvo_ops", "menuvo_platform"):
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(source / "src" / package, clone / "src" / package, ignore=ignored)
    return clone


def stand_in(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def links_to_tools(folder: Path, *, but: Sequence[str] = ()) -> Path:
    """A PATH of everything the system has, but for some programs."""
    folder.mkdir()
    for program in [*Path("/bin").iterdir(), *Path("/usr/bin").iterdir()]:
        link = folder / program.name
        if not program.name.startswith(tuple(but)) and not link.is_symlink():
            link.symlink_to(program)
    return folder


@pytest.mark.slow
def test_a_fresh_clone_prepares_itself_once_and_after_that_costs_nothing(fresh: Path) -> None:
    first = launch(fresh, "status")
    assert first.returncode == 0, first.stderr
    assert first.stdout == NOT_RUNNING
    assert "Preparing the environment" in first.stderr

    stamp = fresh / ".venv/.menuvo-stamp"
    prepared = stamp.stat().st_mtime_ns
    second = launch(fresh, "status")
    assert second.stderr == ""
    assert stamp.stat().st_mtime_ns == prepared


@pytest.mark.slow
def test_two_launchers_at_once_prepare_one_environment(fresh: Path) -> None:
    both = [
        subprocess.Popen([fresh / "menuvo", "status"], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate()[0] for process in both] == [NOT_RUNNING] * 2


@pytest.mark.slow
def test_a_moved_clone_prepares_itself_again_and_keeps_the_developers_tools(fresh: Path) -> None:
    assert launch(fresh, "test", "--help").returncode == 0
    assert (fresh / ".venv/bin/pytest").exists()
    moved = fresh.rename(fresh.with_name("moved"))

    again = launch(moved, "test", "--help")
    assert again.returncode == 0, again.stderr
    assert "Preparing the environment" in again.stderr
    assert str(moved) in (moved / ".venv/bin/menuvo").read_text()

    (moved / "pyproject.toml").write_text((moved / "pyproject.toml").read_text() + "\n# changed\n")
    assert launch(moved, "status").returncode == 0
    assert (moved / ".venv/bin/pytest").exists()


def test_without_python_there_is_one_clear_sentence(fresh: Path, tmp_path: Path) -> None:
    tools = links_to_tools(tmp_path / "tools", but=("python", "uv"))
    done = launch(fresh, "status", path=[tools])

    assert done.returncode == 1
    assert done.stderr == (
        "menuvo: Python 3.11 or newer is needed and was not found. "
        "Install python3 and run this again.\n"
    )


def test_a_python_that_can_install_nothing_is_told_what_it_lacks(
    fresh: Path, tmp_path: Path
) -> None:
    tools = links_to_tools(tmp_path / "tools", but=("python", "uv", "apt-get"))
    bare = 'case "$*" in *version_info*) exit 0 ;; *) exit 1 ;; esac'
    stand_in(tmp_path / "python", "python3", bare)
    done = launch(fresh, "status", path=[tmp_path / "python", tools])

    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr


def test_elsewhere_than_on_linux_there_is_one_clear_sentence(fresh: Path, tmp_path: Path) -> None:
    stand_in(tmp_path / "mac", "uname", "echo Darwin")
    done = launch(fresh, "up", path=[tmp_path / "mac", os.environ["PATH"]])

    assert done.returncode == 1
    assert done.stderr.startswith("menuvo: Menuvo runs on Linux")
    assert done.stderr.count("\n") == 1


def test_a_prepared_clone_starts_the_tool_at_once(fresh: Path) -> None:
    """Without the network, without uv, and with its own cost in milliseconds."""
    stand_in(fresh, "python", "exit 0")
    programs = fresh / ".venv/bin"
    programs.mkdir(parents=True)
    (fresh / "python").rename(programs / "python")
    stand_in(programs, "menuvo", 'echo "verb: $1, rest: $2"')
    inputs = (fresh / "uv.lock").read_bytes() + (fresh / "pyproject.toml").read_bytes()
    digest = subprocess.run(["sha256sum"], input=inputs, capture_output=True, check=True).stdout
    (fresh / ".venv/.menuvo-stamp").write_text(f"{fresh} {digest.decode().strip()}")

    began = time.monotonic()
    done = launch(fresh, "logs", "a b")
    assert done.stdout == "verb: logs, rest: a b\n"
    assert done.stderr == ""
    assert time.monotonic() - began < 1


def test_the_shell_finds_no_mistake_in_it() -> None:
    subprocess.run(["sh", "-n", this_clone().root / "menuvo"], check=True)
