"""Finds what the stack runs, and fetches what is missing."""

import shutil
import sys
from pathlib import Path

from menuvo_ops.errors import MissingProgram
from menuvo_ops.local import binaries, redis
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.postgres import find_cluster
from menuvo_ops.local.sources import Say
from menuvo_ops.local.stack import Programs


def provide_programs(clone: Clone, say: Say) -> Programs:
    cluster = find_cluster(clone.postgres / "data")
    return Programs(
        postgres=binaries.provide(clone.packages, say, cluster=cluster),
        redis=redis.provide(clone.packages, say),
        platform=of_this_environment("menuvo-platform"),
        caddy=of_this_environment("caddy"),
    )


def of_this_environment(name: str) -> Path:
    """A program installed beside the interpreter that runs us, or else one on the PATH."""
    beside = Path(sys.executable).parent / name
    if beside.exists():
        return beside
    elsewhere = shutil.which(name)
    if elsewhere:
        return Path(elsewhere)
    raise MissingProgram(
        f"{name} is missing in this environment.",
        hint="Delete the folder .venv and run ./menuvo again: it prepares a new one.",
    )
