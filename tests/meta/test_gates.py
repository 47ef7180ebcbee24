"""No file that a gate is for is forgotten by it."""

import subprocess
from pathlib import Path

from menuvo_ops.local.checked import find_sources

CHECKOUT = Path(__file__).parents[2]
FOUND = find_sources(CHECKOUT)


def tracked(*patterns: str) -> set[Path]:
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *patterns]
    listed = subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    return {CHECKOUT / name for name in listed.split("\0") if name}


def test_every_container_and_every_yaml_file_is_looked_at() -> None:
    assert set(FOUND.containers) >= tracked("*Dockerfile*")
    assert set(FOUND.documents) >= tracked("*.yml", "*.yaml")


def test_every_shell_script_is_looked_at() -> None:
    written_for_shell = {
        file for file in tracked() if file.is_file() and file.read_bytes()[:9] == b"#!/bin/sh"
    }
    assert CHECKOUT / "menuvo" in written_for_shell
    assert set(FOUND.scripts) >= written_for_shell | tracked("*.sh")
