"""Objects by key: pictures, their originals, imported files. The database stores keys, never URLs.

Keys are paths of plain segments (`m/{merchant}/{sha256}/{width}.webp`). Writing is atomic: a key
shows the whole object or none, whatever process is killed.
"""

import asyncio
import errno
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore

from menuvo_platform.errors import NoRoom

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
LONGEST_KEY = 512

# Full, beyond the quota, or beyond the size that the system lets a file have.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_OS_ERROR = re.compile(r"\(os error (\d+)\)")

log = structlog.stdlib.get_logger(__name__)


class Storage(Protocol):
    async def put(self, key: str, content: bytes) -> None:
        """Raises NoRoom, and then no part of the object is left."""
        ...

    async def get(self, key: str) -> bytes:
        """Raises FileNotFoundError."""
        ...

    async def find(self, key: str) -> bytes | None: ...

    async def exists(self, key: str) -> bool: ...

    async def delete(self, key: str) -> None:
        """Deleting what is not there is fine."""
        ...


class LocalStorage(Storage):
    def __init__(self, store: ObjectStore) -> None:
        self._store: ObjectStore = store

    async def put(self, key: str, content: bytes) -> None:
        try:
            await self._store.put_async(checked(key), content)
        except BaseError as error:
            if _errno_of(error) not in FULL:
                raise
            log.exception("storage_full", key=key, bytes=len(content))
            raise NoRoom from error

    async def get(self, key: str) -> bytes:
        found = await self._store.get_async(checked(key))
        return bytes(await found.bytes_async())

    async def find(self, key: str) -> bytes | None:
        try:
            return await self.get(key)
        except FileNotFoundError:
            return None

    async def exists(self, key: str) -> bool:
        try:
            await self._store.head_async(checked(key))
        except FileNotFoundError:
            return False
        return True

    async def delete(self, key: str) -> None:
        with suppress(FileNotFoundError):
            await self._store.delete_async(checked(key))


class _DiskStorage(LocalStorage):
    def __init__(self, folder: Path) -> None:
        super().__init__(LocalStore(folder, mkdir=True))
        self._folder: Path = folder

    async def put(self, key: str, content: bytes) -> None:
        await super().put(key, content)
        await asyncio.to_thread(_force_to_disk, self._folder, key)


def local_storage(folder: Path) -> Storage:
    """Objects as files below a folder, which is made when it is missing. What was put survives a
    power cut: the row that is committed next may count on it."""
    return _DiskStorage(folder)


def _force_to_disk(folder: Path, key: str) -> None:
    """The file, and each folder in which a name may be new: the library does neither."""
    path = folder / key
    for part in (path, *path.parents[: len(Path(key).parts)]):
        descriptor = os.open(part, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _errno_of(error: BaseError) -> int | None:
    """The library tells the number of the system's error in words only."""
    found = _OS_ERROR.search(str(error))
    return int(found[1]) if found else None


def checked(key: str) -> str:
    """Raises ValueError: a key is made by our code, never by whoever sends a path."""
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        raise ValueError(f"not a key of an object: {key[:80]!r}")
    return key
