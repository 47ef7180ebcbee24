"""`menuvo-platform missing`: what rows name and storage does not have."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from menuvo_platform.adapters.object_stores import open_storage
from menuvo_platform.adapters.storage import Storage
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.images.addresses import original_key, variant_key
from menuvo_platform.images.models import Image
from menuvo_platform.imports.addresses import file_key
from menuvo_platform.imports.models import MenuImport
from menuvo_platform.missing import Count, Missing, find_missing
from menuvo_platform.settings import Redacted, Settings
from tests.conftest import Database
from tests.menuvo_platform import rows

pytestmark = pytest.mark.anyio

WIDTHS = [320, 800]


@pytest.fixture
def as_owner(settings: Settings, database: Database) -> Settings:
    return replace(settings, database_url=Redacted(database.owner_url))


@pytest.fixture
async def store(owner_sessions: Sessions) -> rows.StoreRow:
    return await rows.add_store(owner_sessions)


async def add_image(sessions: Sessions, store: rows.StoreRow, sha256: str, state: str) -> None:
    values = {"id": new_id(), "merchant_id": store.merchant_id, "sha256": sha256, "bytes": 1}
    values |= {"state": state, "content_type": "image/png", "widths": WIDTHS}
    async with transaction(sessions) as session:
        await session.execute(insert(Image).values(values))


async def put_variants(storage: Storage, store: rows.StoreRow, sha256: str) -> None:
    for width in WIDTHS:
        await storage.put(variant_key(store.merchant_id, sha256, width), b"picture")


async def test_what_is_named_and_not_there_is_counted(
    as_owner: Settings, owner_sessions: Sessions, store: rows.StoreRow
) -> None:
    storage = open_storage(as_owner)
    whole, half, waiting, failed = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)
    for sha256, state in (
        *((whole, "ready"), (half, "ready")),
        *((waiting, "processing"), (failed, "failed")),
    ):
        await add_image(owner_sessions, store, sha256, state)
    await put_variants(storage, store, whole)
    await storage.put(variant_key(store.merchant_id, half, WIDTHS[0]), b"picture")
    unread, read = new_id(), new_id()
    async with transaction(owner_sessions) as session:
        for import_id, state in ((unread, "uploaded"), (read, "review")):
            values = {"id": import_id, "merchant_id": store.merchant_id, "store_id": store.id}
            values |= {"kind": "csv", "file_name": "menu.csv", "bytes": 1, "state": state}
            await session.execute(insert(MenuImport).values(values))

    assert await find_missing(as_owner) == Missing(Count(3, 2), Count(1, 1))

    await put_variants(storage, store, half)
    await storage.put(original_key(store.merchant_id, waiting), b"picture")
    await storage.put(file_key(store.merchant_id, unread), b"menu")
    assert await find_missing(as_owner) == Missing(Count(3, 0), Count(1, 0))
