"""Which release came before this one, as far as the schema is concerned."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

VERSIONS = "src/menuvo_platform/db/migrations/versions"


class HistoryUnknown(Exception):
    """There may be a previous release, but this clone does not tell."""


@dataclass(frozen=True)
class Previous:
    commit: str
    head: str

    def __str__(self) -> str:
        return f"{self.commit[:12]} with schema {self.head}"


def head_of(names: list[str]) -> str:
    """The highest number among the files of a folder of steps; empty without any."""
    return max((name[:4] for name in names if name[:4].isdigit()), default="")


def present_head(repository: Path) -> str:
    """As the files are now, committed or not."""
    return head_of([path.name for path in (repository / VERSIONS).glob("*.py")])


def find_previous(repository: Path) -> Previous | None:
    """The newest commit of the first-parent line whose schema is older than the present one.

    That line is what was deployed: a commit of a merged branch never was. Raises HistoryUnknown.
    """
    try:
        commits = git(repository, "rev-list", "--first-parent", "HEAD").split()
        shallow = git(repository, "rev-parse", "--is-shallow-repository").strip() == "true"
    except subprocess.CalledProcessError as error:
        raise HistoryUnknown(f"git does not tell the history: {error.stderr.strip()}") from error
    present = present_head(repository)
    for commit in commits:
        head = head_at(repository, commit)
        if not head:
            return None
        if head < present:
            return Previous(commit, head)
    if shallow:
        raise HistoryUnknown(
            f"All {len(commits)} commits of this shallow clone have schema {present}, and the"
            " older ones are missing. Fetch them: git fetch --unshallow (in CI: fetch-depth: 0)."
        )
    return None


def head_at(repository: Path, commit: str) -> str:
    """Empty for a commit that has no platform yet."""
    listed = git(repository, "ls-tree", "--name-only", commit, f"{VERSIONS}/")
    return head_of([Path(name).name for name in listed.splitlines()])


def git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=repository, capture_output=True, text=True, check=True
    )
    return done.stdout
