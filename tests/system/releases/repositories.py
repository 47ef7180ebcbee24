"""Git repositories that tests make up."""

from pathlib import Path

from tests.system.releases.history import git

SOMEBODY = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")


def make_repository(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")


def commit(folder: Path, message: str) -> str:
    """Everything that lies there."""
    git(folder, "add", "--all")
    git(folder, *SOMEBODY, "commit", "--quiet", "--allow-empty", "--no-gpg-sign", "-m", message)
    return git(folder, "rev-parse", "HEAD").strip()
