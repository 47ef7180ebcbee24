"""Objects by key: pictures, their originals, imported files. The database stores keys, never URLs.

Keys are paths of plain segments (`m/{merchant}/{sha256}/{width}.webp`). Writing is atomic: a key
shows the whole object or none, whatever process is killed.
"""

import re
from contextlib import suppress
from pathlib import Path

from obstore.store import LocalStore, ObjectStore

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
LONGEST_KEY = 512


class Storage:
    def __init__(self, store: ObjectStore) -> None:
        self._store: ObjectStore = store

    async def put(self, key: str, content: bytes) -> None:
        await self._store.put_async(_checked(key), content)

    async def get(self, key: str) -> bytes:
        """Raises FileNotFoundError."""
        found = await self._store.get_async(_checked(key))
        return bytes(await found.bytes_async())

    async def find(self, key: str) -> bytes | None:
        try:
            return await self.get(key)
        except FileNotFoundError:
            return None

    async def exists(self, key: str) -> bool:
        try:
            await self._store.head_async(_checked(key))
        except FileNotFoundError:
            return False
        return True

    async def delete(self, key: str) -> None:
        """Deleting what is not there is fine."""
        with suppress(FileNotFoundError):
            await self._store.delete_async(_checked(key))


def local_storage(folder: Path) -> Storage:
    """Objects as files below a folder, which is made when it is missing."""
    return Storage(LocalStore(folder, mkdir=True))


def _checked(key: str) -> str:
    """Raises ValueError: a key is made by our code, never by whoever sends a path."""
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        raise ValueError(f"not a key of an object: {key[:80]!r}")
    return key
