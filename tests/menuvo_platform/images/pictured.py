"""An item that has a picture, without a worker that makes it."""

import uuid

from sqlalchemy import insert, update

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.images.models import Image
from menuvo_platform.menus.models import Item

SHA256 = "ab" * 32
WIDTHS = [320, 800, 1600]


async def add_picture(owner_sessions: Sessions, merchant_id: uuid.UUID, item_id: uuid.UUID) -> None:
    image_id = new_id()
    async with transaction(owner_sessions) as session:
        await session.execute(
            insert(Image).values(
                id=image_id,
                merchant_id=merchant_id,
                sha256=SHA256,
                content_type="image/jpeg",
                bytes=1,
                state="ready",
                width=1600,
                height=1200,
                widths=WIDTHS,
            )
        )
        await session.execute(update(Item).where(Item.id == item_id).values(image_id=image_id))
