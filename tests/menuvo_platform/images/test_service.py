"""From the upload to the variants, with the worker that makes them."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pyvips
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_ops.local.redis import RedisServer
from menuvo_platform.adapters.imaging import ImageTooLarge, WrongImageType
from menuvo_platform.adapters.storage import Storage, local_storage
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.images.addresses import original_key, variant_key
from menuvo_platform.images.jobs import KINDS
from menuvo_platform.images.models import Image
from menuvo_platform.images.queries import ImageRow, find_image, mark_failed
from menuvo_platform.images.service import store_upload
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.jobs.models import Job
from menuvo_platform.jobs.service import list_dead_jobs, retry_dead_job
from menuvo_platform.jobs.worker import Worker
from menuvo_platform.menus.models import Item
from tests.menuvo_platform import rows
from tests.menuvo_platform.adapters.pictures import SVG, landscape, noise, png_that_claims
from tests.menuvo_platform.jobs.work import bell_at, eventually, states, use_up_attempts
from tests.menuvo_platform.menus.dishes import add_item


class Gallery:
    """The pictures of one merchant, and the worker."""

    def __init__(
        self, sessions: Sessions, bell: Doorbell, storage: Storage, merchant_id: uuid.UUID
    ) -> None:
        self.sessions = sessions
        self.bell = bell
        self.storage = storage
        self.merchant_id = merchant_id

    async def upload(self, content: bytes) -> ImageRow:
        async with transaction(self.sessions, self.merchant_id) as session:
            return await store_upload(session, self.bell, self.storage, content)

    async def get(self, image_id: uuid.UUID) -> ImageRow:
        async with transaction(self.sessions, self.merchant_id) as session:
            image = await find_image(session, image_id)
        assert image is not None
        return image

    async def fail(self, image_id: uuid.UUID) -> None:
        async with transaction(self.sessions, self.merchant_id) as session:
            await mark_failed(session, image_id, error_code="image.unreadable")

    async def work(self) -> None:
        """Until nothing is left to do."""
        stopping = asyncio.Event()
        worker = Worker(
            "images", KINDS, sessions=self.sessions, storage=self.storage, bell=self.bell
        )

        async def idle() -> bool:
            found = await states(self.sessions, self.merchant_id)
            return not {"queued", "running"} & found.keys()

        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run(stopping))
            await eventually(idle)
            stopping.set()

    async def count(self, table: type[Image | Job]) -> int | None:
        async with transaction(self.sessions, self.merchant_id) as session:
            return await session.scalar(select(func.count()).select_from(table))


@pytest.fixture
async def gallery(
    sessions: Sessions, owner_sessions: Sessions, redis_server: RedisServer, tmp_path: Path
) -> AsyncGenerator[Gallery]:
    store = await rows.add_store(owner_sessions)
    async with bell_at(redis_server.url()) as bell:
        yield Gallery(sessions, bell, local_storage(tmp_path), store.merchant_id)


async def test_an_uploaded_picture_becomes_its_variants(gallery: Gallery) -> None:
    content = landscape(1000, 500).pngsave_buffer()
    image = await gallery.upload(content)
    assert image.state == "processing"
    assert await gallery.storage.get(original_key(gallery.merchant_id, image.sha256)) == content
    await gallery.work()
    image = await gallery.get(image.id)
    assert image.state == "ready"
    assert (image.width, image.height, image.widths) == (1000, 500, [320, 800, 1000])
    assert image.colour == "#731e73"
    for width in image.widths:
        variant = await gallery.storage.get(variant_key(gallery.merchant_id, image.sha256, width))
        assert pyvips.Image.webpload_buffer(variant).width == width


async def test_the_same_upload_twice_is_one_picture_and_one_job(gallery: Gallery) -> None:
    content = landscape(400, 200).pngsave_buffer()
    first, second = await asyncio.gather(gallery.upload(content), gallery.upload(content))
    assert first == second
    assert await gallery.count(Job) == await gallery.count(Image) == 1
    await gallery.work()
    again = await gallery.upload(content)
    assert (again.id, again.state) == (first.id, "ready")
    assert await gallery.count(Job) == 1


async def test_the_same_upload_of_two_merchants_is_two_pictures(
    gallery: Gallery, owner_sessions: Sessions
) -> None:
    content = landscape(400, 200).pngsave_buffer()
    ours = await gallery.upload(content)
    gallery.merchant_id = (await rows.add_store(owner_sessions)).merchant_id
    theirs = await gallery.upload(content)
    assert ours.id != theirs.id
    assert ours.sha256 == theirs.sha256


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (png_that_claims(60_000, 60_000), "image.too_many_pixels"),
        (noise().jpegsave_buffer()[:20_000], "image.broken"),
    ],
)
async def test_a_hostile_or_broken_picture_fails_with_its_code_and_is_not_retried(
    gallery: Gallery, content: bytes, code: str
) -> None:
    image = await gallery.upload(content)
    await gallery.work()
    image = await gallery.get(image.id)
    assert (image.state, image.error_code) == ("failed", code)
    assert await states(gallery.sessions, gallery.merchant_id) == {"done": 1}


async def test_a_picture_that_failed_is_tried_again_when_it_is_uploaded_again(
    gallery: Gallery,
) -> None:
    content = noise().jpegsave_buffer()[:20_000]
    first = await gallery.upload(content)
    await gallery.work()
    again = await gallery.upload(content)
    assert (again.id, again.state, again.error_code) == (first.id, "processing", "")
    await gallery.work()
    assert (await gallery.get(first.id)).state == "failed"
    assert await states(gallery.sessions, gallery.merchant_id) == {"done": 2}


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (SVG, WrongImageType),
        (b"this is a text, renamed to photo.jpg", WrongImageType),
        (bytes(200 * 1024**2), ImageTooLarge),
    ],
    ids=["svg with script", "text", "200 MB"],
)
async def test_what_cannot_be_a_picture_is_refused_before_anything_is_stored(
    gallery: Gallery, content: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await gallery.upload(content)
    assert await gallery.count(Image) == 0
    key = original_key(gallery.merchant_id, hashlib.sha256(content).hexdigest())
    assert not await gallery.storage.exists(key)


async def test_a_picture_that_kills_every_worker_fails_and_says_so(gallery: Gallery) -> None:
    image = await gallery.upload(landscape(400, 200).pngsave_buffer())
    await use_up_attempts(gallery.sessions, gallery.merchant_id)
    await gallery.work()
    assert await states(gallery.sessions, gallery.merchant_id) == {"dead": 1}
    image = await gallery.get(image.id)
    assert (image.state, image.error_code) == ("failed", "image.not_made")


async def test_a_picture_that_was_given_up_is_made_when_the_operator_has_it_tried_again(
    gallery: Gallery,
) -> None:
    content = landscape(400, 200).pngsave_buffer()
    image = await gallery.upload(content)
    original = original_key(gallery.merchant_id, image.sha256)
    await gallery.storage.delete(original)
    async with transaction(gallery.sessions, gallery.merchant_id) as session:
        await session.execute(text("UPDATE jobs SET attempts = 7"))
    await gallery.work()
    assert (await gallery.get(image.id)).error_code == "image.not_made"
    await gallery.storage.put(original, content)
    [dead] = [
        job
        for job in await list_dead_jobs(gallery.sessions)
        if job.merchant_id == gallery.merchant_id
    ]
    assert await retry_dead_job(gallery.sessions, gallery.bell, dead)
    await gallery.work()
    image = await gallery.get(image.id)
    assert (image.state, image.error_code) == ("ready", "")


async def test_a_picture_whose_row_is_gone_is_no_failure(
    gallery: Gallery,
) -> None:
    await gallery.upload(landscape(400, 200).pngsave_buffer())
    async with transaction(gallery.sessions, gallery.merchant_id) as session:
        await session.execute(text("DELETE FROM images"))
    await gallery.work()
    assert await states(gallery.sessions, gallery.merchant_id) == {"done": 1}


async def test_a_picture_that_is_known_is_uploaded_while_its_menu_is_being_changed(
    gallery: Gallery, owner_sessions: Sessions
) -> None:
    content = landscape(100, 50).pngsave_buffer()
    image = await gallery.upload(content)
    store = await rows.add_store(owner_sessions, merchant_id=gallery.merchant_id)
    await add_item(owner_sessions, store, "Schnitzel", 1250, image_id=image.id)
    async with transaction(gallery.sessions, gallery.merchant_id) as editing:
        await editing.execute(text("UPDATE menu_items SET price_cents = 1300"))
        async with asyncio.timeout(5):
            assert (await gallery.upload(content)).id == image.id


async def test_a_picture_that_failed_is_uploaded_again_while_the_price_of_its_item_is_changed(
    gallery: Gallery, owner_sessions: Sessions
) -> None:
    """Whoever of the two is first, neither needs what the other one holds."""
    content = landscape(100, 50).pngsave_buffer()
    image = await gallery.upload(content)
    store = await rows.add_store(owner_sessions, merchant_id=gallery.merchant_id)
    dish = await add_item(owner_sessions, store, "Schnitzel", 1250, image_id=image.id)
    show = update(Item).where(Item.id == dish.id).values(image_id=image.id)
    raise_price = update(Item).where(Item.id == dish.id).values(price_cents=1300)

    async def upload_again(uploading: AsyncSession) -> None:
        again = await store_upload(uploading, gallery.bell, gallery.storage, content)
        assert (again.id, again.state) == (image.id, "processing")

    await gallery.fail(image.id)
    async with asyncio.timeout(5):
        async with transaction(gallery.sessions, gallery.merchant_id) as uploading:
            await upload_again(uploading)
            async with transaction(gallery.sessions, gallery.merchant_id) as editing:
                await editing.execute(raise_price)
            await uploading.execute(show)
    await gallery.fail(image.id)
    async with asyncio.timeout(5):
        async with transaction(gallery.sessions, gallery.merchant_id) as editing:
            await editing.execute(raise_price)
            async with transaction(gallery.sessions, gallery.merchant_id) as uploading:
                await upload_again(uploading)
