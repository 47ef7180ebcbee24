"""What is kept between runs: outside the checkout, under keys made of what went into it."""

import fcntl
import os
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

CACHE_VARIABLE = "MENUVO_BED_CACHE"


def cache() -> Path:
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "menuvo-bed"


def used(entry: Path) -> Path:
    """Note that this was used now, and remove what nobody used for a month beside it."""
    os.utime(entry)
    oldest = time.time() - timedelta(days=30).total_seconds()
    for neighbour in entry.parent.iterdir():
        if neighbour.stat().st_mtime < oldest:
            if neighbour.is_dir():
                shutil.rmtree(neighbour)
            else:
                neighbour.unlink()
    return entry


@contextmanager
def locked(name: str) -> Generator[None]:
    """One at a time: the second run waits and finds the work of the first."""
    folder = cache() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
