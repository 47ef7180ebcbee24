"""The name of what is checked out."""

import subprocess
from pathlib import Path

from menuvo_ops.commands import git


def release_name(root: Path) -> str:
    """The short commit, marked when files were changed since; "unknown" without git."""
    commit = _output(git.short_commit(), root)
    if not commit:
        return "unknown"
    return f"{commit}-dirty" if _output(git.changes(), root) else commit


def commit(root: Path) -> str:
    """By which images are tagged; empty without git."""
    return _output(git.commit(), root)


def _output(argv: list[str], root: Path) -> str:
    try:
        done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
