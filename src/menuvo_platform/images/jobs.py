import uuid
from typing import ClassVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.adapters.imaging import render
from menuvo_platform.errors import Invalid
from menuvo_platform.images import queries
from menuvo_platform.images.addresses import original_key, variant_key
from menuvo_platform.jobs.kinds import JobKind
from menuvo_platform.jobs.running import RunningJob

WIDTHS = (320, 800, 1600)


class PictureNotMade(Invalid):
    """We gave up, and whether it was the picture's fault nobody knows."""

    code: ClassVar[str] = "image.not_made"


class RenderImage(msgspec.Struct, frozen=True):
    image_id: uuid.UUID


async def render_image(job: RunningJob, payload: RenderImage) -> None:
    """Makes the variants. A picture that cannot be read fails with its code, once and for good."""
    async with job.transaction() as session:
        image = await queries.find_image(session, payload.image_id)
    if image is None or image.state == "ready":
        return
    original = await job.storage.get(original_key(image.merchant_id, image.sha256))
    try:
        picture = await render(original, image.content_type, WIDTHS)
    except Invalid as error:
        async with job.finishing() as session:
            await queries.mark_failed(session, image.id, error_code=error.code)
        return
    for width, content in picture.variants.items():
        await job.storage.put(variant_key(image.merchant_id, image.sha256, width), content)
    async with job.finishing() as session:
        await queries.mark_ready(
            session,
            image.id,
            width=picture.width,
            height=picture.height,
            widths=sorted(picture.variants),
            colour=picture.colour,
        )


async def give_up_image(session: AsyncSession, payload: RenderImage) -> None:
    await queries.give_up(session, payload.image_id, error_code=PictureNotMade.code)


RENDER = JobKind("images.render", "images", RenderImage, render_image, on_shelved=give_up_image)
KINDS = (RENDER,)
