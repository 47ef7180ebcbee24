"""Where the platform keeps its objects, and where copies of them go.

The platform's buckets are shelves. In the one bucket for copies the name of an object's shelf
stands before its key.
"""

from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from menuvo_backup.bucket import Patience, code_of, connect
from menuvo_backup.errors import ObjectsFailed
from menuvo_backup.settings import BucketSettings, ObjectsSettings

Store: TypeAlias = S3Store | LocalStore
Side: TypeAlias = Literal["platform", "copy"]

# What is not copied tonight is copied tomorrow.
UNHURRIED = Patience(connect_seconds=10, try_seconds=60, retries=3, retry_seconds=90)
_FOLDER = "storage"
_LISTED_AT_ONCE = 1000
_WORDS: dict[Side, tuple[str, str]] = {
    "platform": (
        "The bucket of pictures or files",
        "Are S3_ENDPOINT, S3_BUCKET, S3_FILES_BUCKET and their key right?",
    ),
    "copy": (
        "The bucket for copies of pictures and files",
        "Are BACKUP_OBJECTS_S3_ENDPOINT, BACKUP_OBJECTS_S3_BUCKET and its key right?",
    ),
}


class Object(msgspec.Struct, frozen=True, omit_defaults=True):
    shelf: str
    key: str
    size: int
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """`prefix` stands before the keys in the store."""

    name: str
    side: Side
    store: Store
    prefix: str = ""

    async def objects(self) -> AsyncGenerator[Object]:
        """All of them, a thousand at a time. Raises ObjectsFailed."""
        with told(self.side):
            # Its other answer is of a library that is not here, and so has no type.
            listed = self.store.list(  # pyright: ignore[reportUnknownMemberType]
                self.prefix or None, chunk_size=_LISTED_AT_ONCE
            )
            async for some in listed:
                for one in some:
                    key = one["path"].removeprefix(self.prefix)
                    yield Object(self.name, key, one["size"], (one["e_tag"] or "").strip('"'))


def shelves(settings: ObjectsSettings, patience: Patience) -> dict[str, Shelf]:
    """The platform's."""
    if settings.folder is not None:
        with told("platform"):
            return {_FOLDER: Shelf(_FOLDER, "platform", LocalStore(settings.folder))}
    return {
        name: Shelf(name, "platform", connect(bucket, patience))
        for name, bucket in settings.buckets.items()
    }


def copies(settings: ObjectsSettings, copy: BucketSettings, patience: Patience) -> dict[str, Shelf]:
    """What stands for each of them in the bucket for copies."""
    store = connect(copy, patience)
    return {name: Shelf(name, "copy", store, f"{name}/") for name in shelves(settings, patience)}


@contextmanager
def told(side: Side) -> Generator[None]:
    """A store's own words hold keys and hosts, so only its code is passed on."""
    try:
        yield
    except (BaseError, FileNotFoundError) as error:
        who, hint = _WORDS[side]
        code = code_of(error)
        raise ObjectsFailed(
            f"{who} {f'refused ({code})' if code else 'was not reached'}.", hint=hint
        ) from error
