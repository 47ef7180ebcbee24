"""Processes that outlived their supervisor.

Every service inherits a mark that names its clone, so a leftover is recognised by its
environment: a process id that was given to somebody else since can never be mistaken for one.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

MARK = "MENUVO_STATE"
_PATIENCE = 15.0
_PAUSE = 0.05


def mark(state: Path) -> dict[str, str]:
    return {MARK: str(state)}


def find_leftovers(state: Path) -> list[int]:
    wanted = f"{MARK}={state}".encode()
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        # Processes of others may not be read, and any may end while we look.
        with suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def stop_leftovers(state: Path) -> int:
    """End them all and return how many there were; PostgreSQL gets the time to close its files."""
    leftovers = find_leftovers(state)
    for pid in leftovers:
        _send(pid, signal.SIGINT if _is_postgres(pid) else signal.SIGKILL)
    deadline = time.monotonic() + _PATIENCE
    while remaining := find_leftovers(state):
        if time.monotonic() > deadline:
            for pid in remaining:
                _send(pid, signal.SIGKILL)
        time.sleep(_PAUSE)
    return len(leftovers)


def _is_postgres(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().startswith("postgres")
    return False


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
