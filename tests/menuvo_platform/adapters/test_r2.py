"""Pictures and files on storage that is as strict as R2, and takes nothing that R2 does not."""

from collections.abc import Generator

import pytest

from menuvo_platform.adapters.object_stores import S3Storage
from menuvo_platform.settings import Redacted, S3Settings
from tests.r2.server import KEY, R2, SECRET, running_r2

PICTURE = "m/01a20b66-90af-76b3-b4b9-5e6b7b0d0c69/ab/320.webp"
FILE = "imports/01a20b66-90af-76b3-b4b9-5e6b7b0d0c69/menu"


@pytest.fixture
def r2() -> Generator[R2]:
    with running_r2("pictures", "files") as server:
        yield server


def settings_of(r2: R2) -> S3Settings:
    return S3Settings(
        endpoint=r2.endpoint,
        access_key_id=Redacted(KEY),
        secret_access_key=Redacted(SECRET),
        bucket="pictures",
        files_bucket="files",
        public_url="",
        region="auto",
    )


@pytest.mark.parametrize("size", [0, 7, 25 * 1024 * 1024])
@pytest.mark.parametrize(("key", "bucket"), [(PICTURE, "pictures"), (FILE, "files")])
async def test_what_is_put_is_found_and_deleted_and_nothing_is_refused(
    r2: R2, key: str, bucket: str, size: int
) -> None:
    storage, content = S3Storage(settings_of(r2)), b"x" * size
    await storage.put(key, content)
    assert list(r2.buckets[bucket].objects) == [key]
    assert await storage.exists(key)
    assert await storage.get(key) == content
    await storage.delete(key)
    assert await storage.find(key) is None
    assert r2.buckets[bucket].objects == {}
    assert set(r2.refused) == {"NoSuchKey"}


async def test_a_browser_is_told_that_a_picture_is_webp_and_stays_as_it_is(r2: R2) -> None:
    await S3Storage(settings_of(r2)).put(PICTURE, b"picture")
    kept = r2.buckets["pictures"].objects[PICTURE].headers
    assert kept["Content-Type"] == "image/webp"
    assert kept["Cache-Control"] == "public, max-age=31536000, immutable"
