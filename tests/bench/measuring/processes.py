"""What processes of this machine use, with all their children."""

import os
import re
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.menuvo_backup.wal.serving import descendants_of

_PAUSE_SECONDS = 0.05
_ANONYMOUS = re.compile(r"^RssAnon:\s+(\d+) kB", re.MULTILINE)


def cpu_seconds(processes: Sequence[int]) -> float:
    """Of those that live, and of their children that have ended."""
    return _sum(processes, _ticks) / os.sysconf("SC_CLK_TCK")


@dataclass
class Most:
    """The most that programs themselves held at one time, sampled twenty times a second."""

    anonymous: int = 0


@contextmanager
def watched(processes: Sequence[int]) -> Generator[Most]:
    most, ended = Most(), threading.Event()

    def watch() -> None:
        while not ended.wait(_PAUSE_SECONDS):
            most.anonymous = max(most.anonymous, _sum(processes, _anonymous_bytes))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


def _sum(processes: Sequence[int], of_one: Callable[[Path], int]) -> int:
    total = 0
    for process in processes:
        for pid in (process, *descendants_of(process)):
            # It has ended meanwhile.
            with suppress(OSError):
                total += of_one(Path(f"/proc/{pid}"))
    return total


def _ticks(process: Path) -> int:
    """Its own of user and kernel, and those of children it has waited for (proc(5), stat)."""
    after_the_name = (process / "stat").read_text().rpartition(")")[2].split()
    return sum(map(int, after_the_name[11:15]))


def _anonymous_bytes(process: Path) -> int:
    """None of a process that has ended and is not waited for yet."""
    found = _ANONYMOUS.search((process / "status").read_text())
    return int(found[1]) * 1024 if found else 0
