"""The service as its container runs it, and somebody who writes as long as there is a server."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from menuvo_backup.wal.status import Memory
from tests.menuvo_backup.conftest import Service


@contextmanager
def serving(service: Service) -> Generator[subprocess.Popen[bytes]]:
    environment = {**service.environment, "PATH": os.environ["PATH"]}
    with told_in(service).open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "menuvo_backup", "serve"], env=environment, stdout=output
        )
    try:
        yield process
    finally:
        # A container that is killed takes all of them along.
        for pid in [*descendants_of(process.pid), process.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def told_in(service: Service) -> Path:
    return service.folder.with_name("told")


def descendants_of(pid: int) -> list[int]:
    return [found for child in children_of(pid) for found in (child, *descendants_of(child))]


def children_of(pid: int) -> list[int]:
    """Of all its threads: the archiver is kept by another one than the schedule."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text().split())
    return found


def base_ended(memory: Memory) -> datetime | None:
    last = memory.last_base()
    return last.ended if last is not None else None


def moment_of(memory: Memory) -> datetime:
    """Up to when the bucket has everything."""
    status = memory.status()
    moment = status.moment if status is not None else None
    return moment or datetime.min.replace(tzinfo=UTC)


@dataclass
class Writer:
    """Commits, and remembers the last that was acknowledged: its number, and when it was made by
    the server's clock."""

    url: str
    pause_seconds: float
    stopping: threading.Event = field(default_factory=threading.Event)
    last: int = 0
    at: datetime | None = None

    async def write(self) -> None:
        connection = await asyncpg.connect(self.url)
        await connection.execute("CREATE TABLE orders (id bigint PRIMARY KEY, at timestamptz)")
        while not self.stopping.is_set():
            self.at = await connection.fetchval(
                "INSERT INTO orders VALUES ($1, clock_timestamp()) RETURNING at", self.last + 1
            )
            self.last += 1
            await asyncio.sleep(self.pause_seconds)


@contextmanager
def writing(url: str, *, pause_seconds: float = 0) -> Generator[Writer]:
    writer = Writer(url, pause_seconds)

    def run() -> None:
        # Its server is killed under it, which is told in many ways.
        with suppress(Exception):
            asyncio.run(writer.write())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield writer
    finally:
        writer.stopping.set()
        thread.join()
