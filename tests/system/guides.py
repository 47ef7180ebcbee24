"""Runs the commands of a guide, as they are written, where a test says."""

import re
import subprocess
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.system.bed.production import CHECKOUT


def commands(guide: str, *, language: str = "sh", folder: str = "guides") -> list[str]:
    """Every line of every block in that language; the guide by its name in that folder of docs."""
    text = (CHECKOUT / f"docs/{folder}/{guide}.md").read_text()
    # Below a step of a list they are indented.
    blocks = re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in textwrap.dedent(block).splitlines()]


@dataclass(frozen=True)
class Operator:
    """Types commands in `folder`. `here` says what takes the place of which words."""

    folder: Path
    environment: Mapping[str, str]
    here: Mapping[str, str] = field(default_factory=dict[str, str])

    def follow(self, guide: str, *, folder: str = "guides") -> dict[str, str]:
        """What each command said; fails with the first that fails."""
        return {command: self.type(command) for command in commands(guide, folder=folder)}

    def type(self, command: str) -> str:
        typed = command
        for words, instead in self.here.items():
            typed = typed.replace(words, instead)
        done = subprocess.run(
            ["bash", "-c", typed],
            cwd=self.folder,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{typed}\n{done.stdout}\n{done.stderr}"
        return done.stdout
