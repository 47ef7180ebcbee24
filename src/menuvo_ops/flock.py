"""Locks of the kernel on files: free when their owner is gone, however it went."""

import fcntl
import time
from typing import TextIO

# Whoever asks for the owner holds the lock for an instant too.
_PATIENCE_SECONDS = 0.5
_PAUSE_SECONDS = 0.02


def take(file: TextIO) -> bool:
    """Whether it is ours now, until `file` is closed here and in every child that has it."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _tried(file, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


def is_free(file: TextIO) -> bool:
    return _tried(file, fcntl.LOCK_SH)


def wait_for(file: TextIO) -> None:
    fcntl.flock(file, fcntl.LOCK_EX)


def _tried(file: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
