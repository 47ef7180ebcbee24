from pathlib import Path

from menuvo_ops.local.paths import Clone
from menuvo_ops.operations.embedded.examining import parts


def test_of_what_does_not_run_no_part_is_told(tmp_path: Path) -> None:
    assert parts(Clone(tmp_path)) == []
