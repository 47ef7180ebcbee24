"""Whether there is room for images and data, asked before anything is pulled or built."""

import shutil
from pathlib import Path

from menuvo_ops.commands import docker
from menuvo_ops.errors import Refused
from menuvo_ops.runner import run

_GB = 1_000_000_000
# The images take about two, the rest is for the database and what is built.
NEEDED_BYTES = 4 * _GB


def require_room() -> None:
    """Raises Refused when Docker's disk is nearly full; what is elsewhere cannot be asked."""
    root = Path(run(docker.data_folder(), what="Asking Docker for its folder").strip())
    if root.is_dir():
        require(shutil.disk_usage(root).free, folder=root)


def require(free: int, *, folder: Path) -> None:
    if free < NEEDED_BYTES:
        raise Refused(
            f"Only {free / _GB:.1f} GB are free where Docker keeps its data ({folder});"
            f" {NEEDED_BYTES / _GB:.0f} GB are needed.",
            hint="docker system df shows what takes the room,"
            " docker image prune removes images that nothing uses.",
        )
