"""The heartbeat of a worker, for whoever decides whether it still lives: a supervisor, a container.

A file, because a worker listens nowhere: it is as old as the last beat, and empty while all is
well. Reading it needs no database, no settings and nothing but the standard library.
"""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

EVERY_SECONDS = 5.0
# A worker that waits for a database that does not answer gives up before that.
STALE_SECONDS = 30.0


class Heartbeat:
    """Without a file, nobody listens."""

    def __init__(self, file: Path | None = None) -> None:
        self._file: Path | None = file

    def beat(self, trouble: str = "") -> None:
        """The worker went round once more; `trouble` is why it could not work, for people."""
        # A disk that is full stops no worker: a beat that was not written is one that is not seen.
        if self._file is not None:
            with suppress(OSError):
                self._file.write_text(trouble)

    async def keep_beating(self) -> None:
        """For as long as a job takes: that it ends is up to its own limit of time."""
        while True:
            self.beat()
            await asyncio.sleep(EVERY_SECONDS)


def find_trouble(file: Path, now: float | None = None) -> str | None:
    """Why the worker of this heartbeat is not healthy, or None. `now` is in seconds since 1970."""
    try:
        age = (time.time() if now is None else now) - file.stat().st_mtime
        trouble = file.read_text()
    except FileNotFoundError:
        return "it has not begun to work yet"
    if age > STALE_SECONDS:
        return f"it has shown no sign of life for {age:.0f} s"
    return trouble or None
