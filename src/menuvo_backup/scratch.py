"""A folder for what a run needs and nobody keeps. What a killed run left is found by its name."""

import os
import shutil
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir

_NAME = "scratch"
CLUSTER = "cluster"
# The kernel takes 107 bytes for the path of a socket; this leaves room for its name.
_LONGEST_SOCKET_FOLDER = 80
_PATIENCE_SECONDS = 10.0


@contextmanager
def scratch(folder: Path) -> Generator[Path]:
    """In the folder of the backups, where there is room; only for who holds the lock of it."""
    clear_scratch(folder)
    place = folder / _NAME
    place.mkdir(mode=0o700)
    try:
        yield place
    finally:
        clear_scratch(folder)


def clear_scratch(folder: Path) -> None:
    place = folder / _NAME
    end_server(place / CLUSTER)
    for left in (place, socket_folder(place)):
        shutil.rmtree(left, ignore_errors=True)


def socket_folder(place: Path) -> Path:
    """Below it where the path is short enough, and else always the same one for temporary files."""
    near = place / "socket"
    if len(os.fsencode(near)) <= _LONGEST_SOCKET_FOLDER:
        return near
    return Path(gettempdir(), f"menuvo-{sha256(os.fsencode(place)).hexdigest()[:16]}")


def end_server(cluster: Path) -> None:
    """Outside of a container a server outlives the run that was killed."""
    with suppress(OSError, ValueError):
        pid = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        if not _serves(pid, cluster):
            return
        os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while _serves(pid, cluster) and time.monotonic() < deadline:
            time.sleep(0.05)


def _serves(pid: int, cluster: Path) -> bool:
    """A number may be another program's by now; a server works in its cluster."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == cluster.resolve()
    except OSError:
        return False
