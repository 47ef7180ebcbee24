import asyncio
import hashlib

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.adapters.imaging import check_upload
from menuvo_platform.adapters.storage import Storage
from menuvo_platform.db.session import scope_of
from menuvo_platform.images import queries
from menuvo_platform.images.addresses import original_key
from menuvo_platform.images.jobs import RENDER, RenderImage
from menuvo_platform.images.queries import ImageRow
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.jobs.service import add_job


async def store_upload(
    session: AsyncSession, bell: Doorbell, storage: Storage, content: bytes
) -> ImageRow:
    """Keeps the original and has its variants made; the same bytes again are the same picture.

    Raises ImageTooLarge and WrongImageType; what only decoding can find makes the row `failed`.
    """
    content_type = check_upload(content)
    merchant_id = scope_of(session)
    sha256 = (await asyncio.to_thread(hashlib.sha256, content)).hexdigest()
    # The object comes first: a row without it would be a picture that can never be made.
    await storage.put(original_key(merchant_id, sha256), content)
    image = await queries.save_image(
        session,
        merchant_id=merchant_id,
        sha256=sha256,
        content_type=content_type,
        size_bytes=len(content),
    )
    if image.state != "ready":
        await add_job(session, bell, RENDER, RenderImage(image.id), dedupe_key=str(image.id))
    return image
