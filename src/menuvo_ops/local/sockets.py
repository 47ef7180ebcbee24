"""Sockets below a clone, which can lie deeper than the 107 bytes that a socket's path may have."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def reachable(path: Path) -> Generator[str]:
    """Yields a short path to the same place, by the descriptor of its folder."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
