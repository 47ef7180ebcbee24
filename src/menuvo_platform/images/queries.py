import uuid
from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.ids import new_id
from menuvo_platform.images.models import Image


@dataclass(frozen=True, slots=True)
class ImageRow:
    """Sizes in pixels, None until it is ready; `widths` are those of its variants, ascending."""

    id: uuid.UUID
    merchant_id: uuid.UUID
    sha256: str
    content_type: str
    state: str
    width: int | None
    height: int | None
    widths: list[int]
    colour: str
    error_code: str


_COLUMNS = (
    Image.id,
    Image.merchant_id,
    Image.sha256,
    Image.content_type,
    Image.state,
    Image.width,
    Image.height,
    Image.widths,
    Image.colour,
    Image.error_code,
)


async def find_image(session: AsyncSession, image_id: uuid.UUID) -> ImageRow | None:
    return (await list_images(session, [image_id])).get(image_id)


async def list_images(
    session: AsyncSession, image_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, ImageRow]:
    found = await session.execute(select(*_COLUMNS).where(Image.id.in_(image_ids)))
    images = msgspec.convert(found.mappings().all(), list[ImageRow])
    return {image.id: image for image in images}


async def list_all_images(session: AsyncSession) -> list[ImageRow]:
    """Those of every merchant that the session may see: all of them for the owner of the tables."""
    found = await session.execute(select(*_COLUMNS).order_by(Image.id))
    return msgspec.convert(found.mappings().all(), list[ImageRow])


async def save_image(
    session: AsyncSession,
    *,
    merchant_id: uuid.UUID,
    sha256: str,
    content_type: str,
    size_bytes: int,
) -> ImageRow:
    """The row of this content, new or not. One that failed is processed anew; any other is left
    alone: changing one that is ready would lock the stores that show it, before the item that is
    locked first wherever else a menu changes."""
    statement = insert(Image).values(
        id=new_id(),
        merchant_id=merchant_id,
        sha256=sha256,
        content_type=content_type,
        bytes=size_bytes,
    )
    saved = await session.execute(
        statement.on_conflict_do_update(
            index_elements=[Image.merchant_id, Image.sha256],
            set_={
                "state": "processing",
                "error_code": "",
            },
            where=Image.state == "failed",
        ).returning(*_COLUMNS)
    )
    row = saved.mappings().one_or_none()
    if row is None:
        known = select(*_COLUMNS).where(Image.merchant_id == merchant_id, Image.sha256 == sha256)
        row = (await session.execute(known)).mappings().one()
    return msgspec.convert(row, ImageRow)


async def mark_ready(
    session: AsyncSession,
    image_id: uuid.UUID,
    *,
    width: int,
    height: int,
    widths: list[int],
    colour: str,
) -> None:
    await session.execute(
        update(Image)
        .where(Image.id == image_id)
        .values(
            state="ready",
            width=width,
            height=height,
            widths=widths,
            colour=colour,
            error_code="",
        )
    )


async def give_up(session: AsyncSession, image_id: uuid.UUID, *, error_code: str) -> None:
    """Fails one that is still being made."""
    await session.execute(
        update(Image)
        .where(Image.id == image_id, Image.state == "processing")
        .values(state="failed", error_code=error_code)
    )


async def mark_failed(session: AsyncSession, image_id: uuid.UUID, *, error_code: str) -> None:
    await session.execute(
        update(Image).where(Image.id == image_id).values(state="failed", error_code=error_code)
    )
