"""Locks that cannot outlive their owner: one supervisor per clone, one download at a time."""

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from menuvo_ops.errors import AlreadyRunning

_PATIENCE = 0.5
_PAUSE = 0.02


@contextmanager
def held(file: Path) -> Generator[None]:
    """Raises AlreadyRunning when another process holds it; the file names its owner."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as lock:
        if not _taken(lock):
            raise AlreadyRunning(
                f"Another menuvo up is at work in this clone (process {owner(file)}).",
                hint="Wait for it, or stop it with: ./menuvo down",
            )
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def owner(file: Path) -> int | None:
    """The process that holds the lock, or None when it is free."""
    if not file.exists():
        return None
    with file.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read() or 0) or None
    return None


@contextmanager
def turn(folder: Path) -> Generator[None]:
    """Wait until nobody else is at work in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _taken(lock: TextIO) -> bool:
    """Try for a moment: whoever asks for the owner holds it for an instant too."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)
        else:
            return True
