"""Locks that cannot outlive their owner: one supervisor per clone, one download at a time."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from menuvo_ops import flock
from menuvo_ops.errors import AlreadyRunning


@contextmanager
def held(file: Path) -> Generator[None]:
    """Raises AlreadyRunning when another process holds it; the file names its owner."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as lock:
        if not flock.take(lock):
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
        return None if flock.is_free(lock) else int(lock.read() or 0) or None


@contextmanager
def turn(folder: Path) -> Generator[None]:
    """Wait until nobody else is at work in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        flock.wait_for(lock)
        yield
