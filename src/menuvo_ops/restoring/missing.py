"""What `menuvo-platform missing` found after a restore, in words: a backup has the rows alone, and
the files may have gone since. It is no reason to go back."""

import json
from collections.abc import Iterator
from typing import TypedDict, cast

from menuvo_ops.commands.compose import Project
from menuvo_ops.rollout.stack import Stack

ARGV = ("menuvo-platform", "missing")
SECONDS = 600


def look(stack: Stack, project: Project) -> list[str]:
    """Of what serves, in the task that migrates: it has the owner's rights and the buckets' key.

    Raises CommandFailed, also of a release that does not know the question.
    """
    printed = stack.run_task(stack.with_tasks(project), "migrate", ARGV, seconds=SECONDS)
    return list(sentences(printed, where="in the bucket"))


class _Count(TypedDict):
    named: int
    missing: int


def sentences(printed: str, *, where: str) -> Iterator[str]:
    """One for each kind of which something is missing; `where` as in "on this disk"."""
    for what, count in cast("dict[str, _Count]", json.loads(printed)).items():
        many, of = count["missing"], count["named"]
        if many:
            named = "picture" if what == "pictures" else "menu file"
            are = f"{named} is" if of == 1 else f"{named}s {'is' if many == 1 else 'are'}"
            yield f"{many} of {of} {are} not {where}: a backup has the rows alone."
