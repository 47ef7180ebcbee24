import httpx
import pytest

from menuvo_platform.ids import new_id
from menuvo_platform.images.addresses import media_path, original_key, variant_key
from menuvo_platform.web.platform import Platform

SHA256 = "0123456789abcdef" * 4


async def test_a_picture_is_kept_for_ever_by_who_saw_it(
    platform: Platform, client: httpx.AsyncClient
) -> None:
    merchant = new_id()
    await platform.storage.put(variant_key(merchant, SHA256, 320), b"RIFF")
    answer = await client.get(media_path(merchant, SHA256, 320))
    assert (answer.status_code, answer.content) == (200, b"RIFF")
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_a_picture_that_is_not_there_is_not_kept(client: httpx.AsyncClient) -> None:
    answer = await client.get(media_path(new_id(), SHA256, 320))
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


async def test_originals_and_imports_are_nobodys_business(
    platform: Platform, client: httpx.AsyncClient
) -> None:
    merchant = new_id()
    private = (original_key(merchant, SHA256), f"imports/{merchant}/menu.csv")
    for key in private:
        await platform.storage.put(key, b"private")
        assert (await client.get(f"/media/{key}")).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/../settings.py",
        "/media/..%2f..%2fetc%2fpasswd",
        "/media/m/%2e%2e/%2e%2e/passwd",
        "/media//etc/passwd",
        "/media/m/x/y/320.webp",
    ],
)
async def test_no_path_leads_out_of_the_storage(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404
