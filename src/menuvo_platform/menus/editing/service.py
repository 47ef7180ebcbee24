"""Changes of a menu by the people of the store."""

import uuid
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import after_commit
from menuvo_platform.errors import Refused
from menuvo_platform.menus.editing import queries
from menuvo_platform.menus.editing.schemas import Edited
from menuvo_platform.menus.service import ItemUnknown
from menuvo_platform.merchants.service import record_change
from menuvo_platform.stores.schemas import Announce


class ItemChanged(Refused):
    """Somebody else was quicker; `edited` is how the item is now."""

    code: ClassVar[str] = "item.changed"

    def __init__(self, edited: Edited) -> None:
        self.edited: Edited = edited
        super().__init__()


async def change_price(
    session: AsyncSession,
    store_id: uuid.UUID,
    item_id: uuid.UUID,
    *,
    price_cents: int,
    version: int,
    user_id: uuid.UUID,
    now: datetime,
    announce: Announce,
) -> None:
    """Raises ItemUnknown, and ItemChanged when the item is not at this version any more, unless it
    has this price already: a form sent twice is fine."""
    before = await queries.find_edited(session, store_id, item_id)
    if before is None:
        raise ItemUnknown
    if before.price_cents == price_cents:
        return
    if not await queries.change_price(
        session, store_id, item_id, price_cents=price_cents, version=version
    ):
        raise ItemChanged(await queries.find_edited(session, store_id, item_id) or before)
    await record_change(
        session,
        "item.price_changed",
        subject=("item", item_id),
        user_id=user_id,
        at=now,
        facts={"from_cents": before.price_cents, "to_cents": price_cents},
    )
    after_commit(session, lambda: announce(store_id))


async def change_picture(
    session: AsyncSession,
    store_id: uuid.UUID,
    item_id: uuid.UUID,
    *,
    image_id: uuid.UUID,
    user_id: uuid.UUID,
    now: datetime,
    announce: Announce,
) -> None:
    """Raises ItemUnknown. The picture shows as soon as it is ready."""
    if not await queries.change_picture(session, store_id, item_id, image_id):
        raise ItemUnknown
    await record_change(
        session,
        "item.picture_changed",
        subject=("item", item_id),
        user_id=user_id,
        at=now,
        facts={"image_id": str(image_id)},
    )
    after_commit(session, lambda: announce(store_id))
