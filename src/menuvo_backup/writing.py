"""Files that are on the disk and summed up, and the room for them."""

import asyncio
import errno
import hashlib
import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from menuvo_backup.errors import NoSpace
from menuvo_backup.records import Content

# What the record, the globals and a little growth since the last dump take.
_HEADROOM = 16 * 1024 * 1024
_CHUNK = 1024 * 1024
_HINT = "Make room on the disk of the volume `backups`, or lower BACKUP_KEEP_DAYS."


async def write(chunks: AsyncGenerator[bytes], to: Path) -> Content:
    """A stream into a file: on the disk, and summed up, when it returns. Raises NoSpace."""
    digest, size = hashlib.sha256(), 0
    try:
        with to.open("xb", buffering=0) as file:
            os.fchmod(file.fileno(), 0o600)
            async with aclosing(chunks):
                async for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    _write_all(file.fileno(), chunk)
            await asyncio.to_thread(os.fsync, file.fileno())
    except OSError as error:
        if not is_full(error):
            raise
        raise no_space_after(size, to) from error
    return Content(bytes=size, sha256=digest.hexdigest())


async def sum_up(file: Path) -> Content:
    """What is in a file that is there already."""
    digest, size = hashlib.sha256(), 0
    with file.open("rb", buffering=0) as source:
        while chunk := await asyncio.to_thread(source.read, _CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Content(bytes=size, sha256=digest.hexdigest())


def is_full(error: OSError) -> bool:
    return error.errno in {errno.ENOSPC, errno.EDQUOT}


def no_space_after(size: int, to: Path) -> NoSpace:
    return NoSpace(f"The disk was full after {megabytes(size)} of {to.name}.", hint=_HINT)


def check_space(folder: Path, expected_bytes: int, *, what: str = "One more dump") -> None:
    """Raises NoSpace when the disk does not hold one more of this size."""
    needed = expected_bytes + expected_bytes // 5 + _HEADROOM
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise NoSpace(
            f"{what} needs {megabytes(needed)}, and {megabytes(free)} are free.", hint=_HINT
        )


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _write_all(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
