"""The demo's pictures, taken in as if somebody had uploaded them; worker-images does the rest."""

import asyncio
import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.adapters.drawing import rasterise
from menuvo_platform.adapters.storage import Storage
from menuvo_platform.demo.content import Demo
from menuvo_platform.demo.pictures import picture
from menuvo_platform.images.service import store_upload
from menuvo_platform.jobs.doorbell import Doorbell

WIDTH = 800


async def upload_pictures(
    session: AsyncSession, bell: Doorbell, storage: Storage, demo: Demo
) -> dict[str, uuid.UUID]:
    """The image of each picture that the menu names, by the picture's key."""
    keys = {item.picture for category in demo.categories for item in category.items}
    uploaded: dict[str, uuid.UUID] = {}
    for key in sorted(key for key in keys if key):
        drawn = await asyncio.to_thread(rasterise, picture(key), WIDTH)
        uploaded[key] = (await store_upload(session, bell, storage, drawn)).id
    return uploaded
