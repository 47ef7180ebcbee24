"""`menuvo-platform missing`: what rows name and storage does not have, as after a restore.

A dump has the rows alone. It is asked as the owner of the tables, who sees every merchant's.
"""

import asyncio
from collections.abc import Iterable, Sequence

import msgspec

from menuvo_platform.adapters.object_stores import open_storage
from menuvo_platform.adapters.storage import Storage
from menuvo_platform.db.engine import create_engine
from menuvo_platform.db.session import create_sessions, transaction
from menuvo_platform.images.addresses import original_key, variant_key
from menuvo_platform.images.queries import ImageRow, list_all_images
from menuvo_platform.imports.addresses import file_key
from menuvo_platform.imports.queries import list_unread
from menuvo_platform.settings import Settings

_AT_ONCE = 16


class Count(msgspec.Struct, frozen=True):
    named: int
    missing: int


class Missing(msgspec.Struct, frozen=True):
    """Pictures that a page would show or a worker would make, and menu files nobody has read."""

    pictures: Count
    files: Count


async def find_missing(settings: Settings) -> Missing:
    engine = create_engine(settings.database_url)
    try:
        async with transaction(create_sessions(engine)) as session:
            images, unread = await list_all_images(session), await list_unread(session)
    finally:
        await engine.dispose()
    storage = open_storage(settings)
    pictures = [_keys(image) for image in images if image.state != "failed"]
    return Missing(
        pictures=await _count(storage, pictures),
        files=await _count(storage, [(file_key(*one),) for one in unread]),
    )


def _keys(image: ImageRow) -> tuple[str, ...]:
    """A picture that is ready is shown by its variants; any other is made of its original."""
    if image.state != "ready":
        return (original_key(image.merchant_id, image.sha256),)
    return tuple(variant_key(image.merchant_id, image.sha256, width) for width in image.widths)


async def _count(storage: Storage, things: Sequence[Iterable[str]]) -> Count:
    """A thing is missing when one of its objects is."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def is_whole(keys: Iterable[str]) -> bool:
        async with turn:
            for key in keys:
                if not await storage.exists(key):
                    return False
        return True

    found = await asyncio.gather(*(is_whole(keys) for keys in things))
    return Count(named=len(found), missing=found.count(False))
