"""A dump and a base backup by turns: a container has memory for one of them beside the archiver.

The schedule makes one after the other, and `menuvo backup now` has a container of its own. Both are
wanted in one only where somebody makes a backup by hand with `docker compose exec`.
"""

import asyncio
import fcntl
import hashlib
import os
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from menuvo_backup import log

_SECONDS_BETWEEN_LOOKS = 1.0


@asynccontextmanager
async def turn_of_dumps(folder: Path) -> AsyncGenerator[None]:
    """They share it: of two dumps the later one is refused, and does not wait."""
    async with _turn(folder, fcntl.LOCK_SH):
        yield


@asynccontextmanager
async def turn_of_bases(folder: Path) -> AsyncGenerator[None]:
    async with _turn(folder, fcntl.LOCK_EX):
        yield


@asynccontextmanager
async def _turn(folder: Path, how: int) -> AsyncGenerator[None]:
    lock = os.open(_place(folder), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        if not _is_ours(lock, how):
            log.info("turn_awaited", hint="Another backup is being made in this container.")
            while not _is_ours(lock, how):  # noqa: ASYNC110  (no lock of the kernel tells a loop)
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        yield
    finally:
        os.close(lock)


def _place(folder: Path) -> Path:
    """Not in the folder itself, which containers share: each has a place like this for itself."""
    name = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"menuvo-backup-{name}.lock"


def _is_ours(lock: int, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
