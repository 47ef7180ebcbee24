import hashlib
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from menuvo_backup.bucket import MEBIBYTE, Bucket, part_bytes
from menuvo_backup.check import check
from menuvo_backup.errors import BaseFailed, UploadFailed
from menuvo_backup.records import Content
from menuvo_backup.settings import BucketSettings, Redacted
from menuvo_ops.local.ports import free_port
from tests.menuvo_backup.conftest import IMPATIENT, variables_of
from tests.menuvo_backup.object_server import STRANGER, STRANGERS_SECRET, ObjectServer
from tests.menuvo_backup.stalling import stalling_way

# The first run on a machine builds the server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def a_file(folder: Path, size: int) -> tuple[Path, Content]:
    file = folder / "database.dump"
    data = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(1 + size // 32))[:size]
    file.write_bytes(data)
    return file, Content(bytes=size, sha256=hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize("size", [1, 8 * MEBIBYTE, 20 * MEBIBYTE + 7])
async def test_a_file_arrives_in_equal_parts_and_is_compared_by_the_buckets_own_sum(
    object_server: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """The sum is made of the parts', so it is right only when the cuts are where we think."""

    async def never(_: Bucket, key: str) -> str:
        pytest.fail(f"{key} had to be read back")

    monkeypatch.setattr(Bucket, "_read_back", never)
    file, content = a_file(tmp_path, size)
    stored = await Bucket(object_server.settings).upload(file, content, to="one/database.dump")
    assert stored == replace_uploaded(content, "menuvo/one/database.dump")
    assert object_server.files()["one/database.dump"].read_bytes() == file.read_bytes()


def replace_uploaded(content: Content, key: str) -> Content:
    return Content(bytes=content.bytes, sha256=content.sha256, uploaded=key)


async def test_where_the_sum_is_another_the_whole_is_read_back(
    object_server: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, content = a_file(tmp_path, 3 * MEBIBYTE)
    monkeypatch.setattr("menuvo_backup.bucket._Sent.etag", "of an encrypted store")
    await Bucket(object_server.settings).upload(file, content, to="two/database.dump")
    monkeypatch.setattr(Bucket, "_read_back", another_sum)
    with pytest.raises(UploadFailed, match="are not the 3145728 that were sent"):
        await Bucket(object_server.settings).upload(file, content, to="two/database.dump")


async def another_sum(_: Bucket, __: str) -> str:
    return "0" * 64


async def test_a_dump_that_changed_on_the_disk_is_not_passed_off_as_one(
    object_server: ObjectServer, tmp_path: Path
) -> None:
    file, content = a_file(tmp_path, MEBIBYTE)
    damaged = bytearray(file.read_bytes())
    damaged[12345] ^= 1
    file.write_bytes(damaged)
    with pytest.raises(UploadFailed, match="is not what was dumped"):
        await Bucket(object_server.settings).upload(file, content, to="three/database.dump")


def wrong_bucket(right: BucketSettings) -> BucketSettings:
    return replace(right, bucket="no-such-bucket")


def wrong_secret(right: BucketSettings) -> BucketSettings:
    return replace(right, secret_access_key=Redacted("not-the-secret"))


def stranger(right: BucketSettings) -> BucketSettings:
    secret = Redacted(STRANGERS_SECRET)
    return replace(right, access_key_id=Redacted(STRANGER), secret_access_key=secret)


def nobody_there(right: BucketSettings) -> BucketSettings:
    return replace(right, endpoint=f"http://127.0.0.1:{free_port()}")


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        (wrong_bucket, "The bucket or its folder is not there"),
        (wrong_secret, "The bucket does not know the key"),
        (stranger, "The bucket denied it"),
        (nobody_there, "The bucket was not reached"),
    ],
)
async def test_each_trouble_has_its_sentence_and_its_hint(
    object_server: ObjectServer,
    tmp_path: Path,
    mistake: Callable[[BucketSettings], BucketSettings],
    sentence: str,
) -> None:
    file, content = a_file(tmp_path, 1000)
    bucket = Bucket(mistake(object_server.settings), IMPATIENT)
    with pytest.raises(UploadFailed, match=sentence) as caught:
        await bucket.upload(file, content, to="never/database.dump")
    assert caught.value.hint
    assert "secret" not in str(caught.value).replace("its secret", "")
    with pytest.raises(UploadFailed, match=sentence):
        await bucket.put(b"{}", to="never/record.json")
    assert not [key for key in object_server.files() if key.startswith("never/")]


async def test_a_line_that_is_cut_in_the_middle_leaves_nothing_that_looks_like_a_backup(
    object_server: ObjectServer, tmp_path: Path
) -> None:
    file, content = a_file(tmp_path, 20 * MEBIBYTE)
    with stalling_way(object_server.port, passes=12 * MEBIBYTE, cuts=True) as way:
        settings = replace(object_server.settings, endpoint=f"http://127.0.0.1:{way.port}")
        with pytest.raises(UploadFailed, match="was not reached"):
            await Bucket(settings, IMPATIENT).upload(file, content, to="cut/database.dump")
    assert way.reached.is_set()
    assert "cut/database.dump" not in object_server.files()


CARRYING = """
import asyncio, os, sys
from pathlib import Path
from menuvo_backup.bucket import Bucket
from menuvo_backup.records import Content
from menuvo_backup.settings import read_settings

file = Path(sys.argv[1])
content = Content(bytes=file.stat().st_size, sha256=sys.argv[2])
bucket = Bucket(read_settings(os.environ).bucket)
if sys.argv[3] == "upload":
    asyncio.run(bucket.upload(file, content, to="large/database.dump"))
else:
    there = Content(content.bytes, content.sha256, "menuvo/large/database.dump")
    asyncio.run(bucket.download(there, to=file.with_name("fetched")))
status = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in status if line.startswith("VmHWM")), flush=True)
os._exit(0)
"""


def test_a_dump_larger_than_the_memory_is_sent_and_fetched_within_it(
    object_server: ObjectServer, tmp_path: Path
) -> None:
    """128 MiB are the container's; it shares them with PostgreSQL's program and the scheduler."""
    size = 200 * MEBIBYTE
    file, digest = tmp_path / "database.dump", hashlib.sha256()
    with file.open("wb") as large:
        large.truncate(size)
    for _ in range(200):
        digest.update(bytes(MEBIBYTE))
    for way in ("upload", "download"):
        done = subprocess.run(
            [sys.executable, "-c", CARRYING, str(file), digest.hexdigest(), way],
            env={
                "DATABASE_URL": "postgresql://nobody@nowhere/",
                **variables_of(object_server.settings),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        assert int(done.stdout) < 96 * 1024, way
    assert object_server.files()["large/database.dump"].stat().st_size == size
    assert file.with_name("fetched").stat().st_size == size


@pytest.mark.parametrize("size", [0, 1, 80_000 * MEBIBYTE, 80_000 * MEBIBYTE + 1, 5 * 10**12])
def test_no_file_needs_more_parts_than_s3_takes(size: int) -> None:
    part = part_bytes(size)
    assert part % MEBIBYTE == 0
    assert part >= 8 * MEBIBYTE
    assert -(-size // part) <= 10_000


async def pieces(data: bytes, size: int) -> AsyncGenerator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.mark.parametrize("size", [1, 8 * MEBIBYTE, 20 * MEBIBYTE + 7])
@pytest.mark.parametrize("piece", [256 * 1024 + 1, 9 * MEBIBYTE])
async def test_what_is_in_no_file_arrives_in_equal_parts_too(
    object_server: ObjectServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    piece: int,
) -> None:
    async def never(_: Bucket, key: str) -> str:
        pytest.fail(f"{key} had to be read back")

    monkeypatch.setattr(Bucket, "_read_back", never)
    file, content = a_file(tmp_path, size)
    stream = pieces(file.read_bytes(), piece)
    bucket = Bucket(object_server.settings)
    stored = await bucket.upload_stream(stream, at_most=1, to="streamed/base.tar.gz")
    assert stored == replace_uploaded(content, "menuvo/streamed/base.tar.gz")
    assert b"".join([chunk async for chunk in bucket.read(stored)]) == file.read_bytes()


async def test_a_stream_that_fails_leaves_nothing_and_says_why(object_server: ObjectServer) -> None:
    async def failing() -> AsyncGenerator[bytes]:
        yield b"x" * 9 * MEBIBYTE
        raise BaseFailed("pg_basebackup failed.")

    bucket = Bucket(object_server.settings)
    with pytest.raises(BaseFailed, match="pg_basebackup failed"):
        await bucket.upload_stream(failing(), at_most=1, to="failed/base.tar.gz")
    assert "failed/base.tar.gz" not in object_server.files()


async def test_a_key_that_may_write_and_read_passes_the_check_again_and_again(
    object_server: ObjectServer,
) -> None:
    for _ in range(2):
        assert await check(object_server.settings, IMPATIENT) is None


async def test_the_check_says_what_is_wrong_with_a_key_and_never_the_key(
    object_server: ObjectServer,
) -> None:
    wrong = replace(object_server.settings, secret_access_key=Redacted("another secret"))
    told = await check(wrong, IMPATIENT)
    assert told
    assert "does not know the key" in told
    assert "another secret" not in told
    assert await check(None) == "No bucket is set: backups lie on this server alone."
