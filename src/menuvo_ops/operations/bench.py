"""`menuvo bench NAME`: hands over to the benchmark, which has exit codes of its own."""

import sys
from pathlib import Path

from menuvo_ops.commands import pytest
from menuvo_ops.errors import Usage
from menuvo_ops.local.paths import Clone
from menuvo_ops.runner import hand_over

_NOT_BENCHMARKS = ("__init__", "__main__", "harness")


def bench(clone: Clone, name: str, *, megabytes: int | None, as_json: bool) -> int:
    """Its exit code: 0, 2 for a size that it does not have, or 3 when a target was missed."""
    files = (clone.root / "tests/bench").glob("*.py")
    known = sorted(file.stem for file in files if file.stem not in _NOT_BENCHMARKS)
    if name not in known:
        raise Usage(
            f"There is no benchmark {name}.", hint=f"There are: {', '.join(known) or 'none yet'}."
        )
    argv = pytest.bench(Path(sys.executable), name, megabytes=megabytes, as_json=as_json)
    return hand_over(argv, cwd=clone.root)
