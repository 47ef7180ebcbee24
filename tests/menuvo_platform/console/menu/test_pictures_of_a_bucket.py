"""The way of a picture on S3: uploaded in the Console, made by a worker, shown to guests."""

import sys
from asyncio.subprocess import create_subprocess_exec
from collections.abc import Generator
from dataclasses import replace

import httpx
import pytest

from menuvo_platform.db.session import Sessions
from menuvo_platform.settings import Settings
from tests.instances import environment_of
from tests.menuvo_platform.accounts.people import UserRow
from tests.menuvo_platform.adapters.pictures import landscape
from tests.menuvo_platform.console.signing_in import AtWork, go_to_work
from tests.menuvo_platform.jobs.work import eventually
from tests.menuvo_platform.menus.dishes import Dish, add_item
from tests.menuvo_platform.rows import StoreRow
from tests.versitygw import ObjectServer, running_object_server

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PUBLIC_URL = "https://pictures.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[ObjectServer]:
    with running_object_server(tmp_path_factory.mktemp("objects")) as server:
        yield server


@pytest.fixture(scope="module")
def settings(settings: Settings, server: ObjectServer) -> Settings:
    return replace(settings, s3=replace(server.settings, public_url=PUBLIC_URL))


@pytest.fixture
async def work(client: httpx.AsyncClient, store: StoreRow, owner: UserRow) -> AtWork:
    return await go_to_work(client, owner, store)


@pytest.fixture
async def soup(owner_sessions: Sessions, store: StoreRow) -> Dish:
    return await add_item(owner_sessions, store, "Suppe", 790)


async def test_a_picture_is_uploaded_made_and_shown(
    settings: Settings, server: ObjectServer, work: AtWork, store: StoreRow, soup: Dish
) -> None:
    content = landscape().jpegsave_buffer()
    answer = await work.upload(f"/menu/{soup.id}/picture", "picture", content, "soup.jpg")
    assert answer.status_code == 303
    worker = await create_subprocess_exec(
        *(sys.executable, "-m", "menuvo_platform", "worker", "images"),
        env=environment_of(settings),
    )

    async def shown() -> bool:
        return PUBLIC_URL in (await work.get(f"/menu/{soup.id}/picture")).text

    try:
        await eventually(shown, within=60)
        worker.terminate()
        assert await worker.wait() == 0
    finally:
        if worker.returncode is None:
            worker.kill()
            await worker.wait()
    [original] = (server.root / "files" / "originals" / str(store.merchant_id)).iterdir()
    assert original.read_bytes() == content
    made = {path.name for path in (server.root / "pictures").rglob("*.webp")}
    assert "320.webp" in made
    page = (await work.client.get(f"/{store.slug}")).text
    assert f'src="{PUBLIC_URL}/m/{store.merchant_id}/{original.name}/320.webp"' in page


async def test_without_its_storage_an_upload_says_so_and_changes_nothing(
    server: ObjectServer, work: AtWork, soup: Dish
) -> None:
    files = server.root / "files"
    away = files.rename(server.root.with_name("files-away"))
    try:
        content = landscape().jpegsave_buffer()
        answer = await work.upload(f"/menu/{soup.id}/picture", "picture", content, "soup.jpg")
    finally:
        away.rename(files)
    assert answer.status_code == 503
    assert "antwortet gerade nicht. Es wurde nichts gespeichert." in answer.text
    assert answer.headers["retry-after"]
    assert "Noch kein" in (await work.get(f"/menu/{soup.id}/picture")).text
