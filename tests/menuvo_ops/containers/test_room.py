from pathlib import Path

import pytest

from menuvo_ops.containers.room import NEEDED_BYTES, require
from menuvo_ops.errors import Refused


def test_enough_room_is_enough() -> None:
    require(NEEDED_BYTES, folder=Path("/x"))


def test_a_disk_that_is_nearly_full_is_said_with_what_to_do() -> None:
    with pytest.raises(Refused, match=r"Only 0\.5 GB are free .*\(/var/lib/docker\)") as refusal:
        require(500_000_000, folder=Path("/var/lib/docker"))
    assert "docker image prune" in refusal.value.hint
