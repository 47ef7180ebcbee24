"""The platform's pictures and files: listed with a backup, copied, and brought back."""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from menuvo_backup.bucket import connect
from menuvo_backup.errors import NoList, ObjectsFailed
from menuvo_backup.health import beat, find_complaints
from menuvo_backup.objects.comparing import Compared, compare_objects
from menuvo_backup.objects.known import Known
from menuvo_backup.objects.listing import read_list
from menuvo_backup.objects.stores import Object
from menuvo_backup.records import OBJECTS, Copied, Objects, Record
from menuvo_backup.run import back_up
from tests.menuvo_backup.conftest import IMPATIENT, Service
from tests.menuvo_backup.object_server import (
    COPIES,
    FILES,
    KEY,
    PICTURES,
    SECRET,
    STRANGER,
    STRANGERS_SECRET,
    ObjectServer,
)
from tests.menuvo_backup.stalling import stalling_way
from tests.menuvo_backup.test_health import soon
from tests.menuvo_backup.test_scheduler import start

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

_MEASURED = """
import re, sys
from pathlib import Path
from menuvo_backup.cli import main
code = main(["now"])
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1], file=sys.stderr)
sys.exit(code)
"""
PICTURE = "m/merchant/abc/400.webp"
ORIGINAL = "originals/merchant/abc"


@pytest.fixture
def listing(service: Service, object_server: ObjectServer) -> Service:
    """One that may read the platform's buckets, in which are a picture and its original."""
    put(object_server, PICTURES, PICTURE, b"a small picture", "image/webp")
    put(object_server, FILES, ORIGINAL, b"the original of it")
    return service.with_(
        S3_ENDPOINT=endpoint(object_server.port),
        S3_BUCKET=PICTURES,
        S3_FILES_BUCKET=FILES,
        S3_ACCESS_KEY_ID=KEY,
        S3_SECRET_ACCESS_KEY=SECRET,
    )


@pytest.fixture
def copying(listing: Service, object_server: ObjectServer) -> Service:
    return listing.with_(
        BACKUP_OBJECTS_S3_ENDPOINT=endpoint(object_server.port),
        BACKUP_OBJECTS_S3_BUCKET=COPIES,
        BACKUP_OBJECTS_S3_ACCESS_KEY_ID=KEY,
        BACKUP_OBJECTS_S3_SECRET_ACCESS_KEY=SECRET,
    )


def endpoint(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def put(server: ObjectServer, bucket: str, key: str, content: bytes, kind: str = "") -> None:
    store = connect(replace(server.settings, bucket=bucket), IMPATIENT)
    store.put(key, content, attributes={"Content-Type": kind} if kind else {})


def kind_of(server: ObjectServer, bucket: str, key: str) -> str | None:
    store = connect(replace(server.settings, bucket=bucket), IMPATIENT)
    return store.get(key).attributes.get("Content-Type")


def objects_of(record: Record) -> Objects:
    assert record.objects is not None
    return record.objects


def copied_of(record: Record) -> Copied:
    copied = objects_of(record).copied
    assert copied is not None
    return copied


def complaints(service: Service) -> list[str]:
    beat(service.folder)
    return [str(one) for one in find_complaints(service.settings.watch, soon())]


async def test_a_backup_has_a_list_of_every_object_here_and_in_the_bucket(
    listing: Service, object_server: ObjectServer
) -> None:
    record = await back_up(listing.settings)
    objects = objects_of(record)
    assert (objects.count, objects.bytes) == (2, len(b"a small picturethe original of it"))
    assert objects.list is not None
    file = listing.catalog.path(record) / OBJECTS
    assert hashlib.sha256(file.read_bytes()).hexdigest() == objects.list.sha256
    listed = {(one.shelf, one.key, one.size): one.etag for one in read_list(file)}
    assert listed.keys() == {("pictures", PICTURE, 15), ("files", ORIGINAL, 18)}
    assert all(listed.values())
    assert f"{record.id}/{OBJECTS}" in object_server.files()
    assert complaints(listing) == []


async def test_a_folder_in_the_place_of_buckets_is_listed_too(
    local: Service, tmp_path: Path
) -> None:
    (tmp_path / "storage/m").mkdir(parents=True)
    (tmp_path / "storage/m/picture").write_bytes(b"12345")
    record = await back_up(local.with_(STORAGE_DIR=str(tmp_path / "storage")).settings)
    assert (objects_of(record).count, objects_of(record).bytes) == (1, 5)


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (
            {"S3_ACCESS_KEY_ID": STRANGER, "S3_SECRET_ACCESS_KEY": STRANGERS_SECRET},
            "AccessDenied",
        ),
        ({"S3_FILES_BUCKET": "elsewhere"}, "NoSuchBucket"),
    ],
)
async def test_objects_that_cannot_be_listed_fail_no_backup_and_are_complained_of(
    listing: Service, spoilt: dict[str, str], code: str
) -> None:
    troubled = listing.with_(**spoilt)
    record = await back_up(troubled.settings)
    assert (record.outcome, record.uploaded) == ("good", True)
    assert objects_of(record).list is None
    assert not (troubled.catalog.path(record) / OBJECTS).exists()
    (complaint,) = complaints(troubled)
    assert complaint.startswith("Pictures and files were not listed: The bucket of pictures")
    assert code in complaint


async def test_what_the_second_bucket_lacks_is_copied_as_it_is_and_only_once(
    copying: Service, object_server: ObjectServer
) -> None:
    large = os.urandom(13 * 1024 * 1024 + 7)
    put(object_server, FILES, "imports/large", large)
    first = copied_of(await back_up(copying.settings))
    assert (first.count, first.left, first.cause) == (3, 0, "")
    assert object_server.keys(COPIES) == {
        f"pictures/{PICTURE}",
        f"files/{ORIGINAL}",
        "files/imports/large",
    }
    assert (object_server.folder(COPIES) / "files/imports/large").read_bytes() == large
    assert kind_of(object_server, COPIES, f"pictures/{PICTURE}") == "image/webp"
    put(object_server, PICTURES, "m/merchant/def/400.webp", b"one more")
    assert copied_of(await back_up(copying.settings)).count == 1


async def test_what_is_gone_from_the_first_bucket_stays_in_the_second(
    copying: Service, object_server: ObjectServer
) -> None:
    await back_up(copying.settings)
    (object_server.folder(PICTURES) / PICTURE).unlink()
    assert objects_of(await back_up(copying.settings)).count == 1
    assert f"pictures/{PICTURE}" in object_server.keys(COPIES)


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        (
            {
                "BACKUP_OBJECTS_S3_ACCESS_KEY_ID": STRANGER,
                "BACKUP_OBJECTS_S3_SECRET_ACCESS_KEY": STRANGERS_SECRET,
            },
            "refused (AccessDenied)",
        ),
        ({"BACKUP_OBJECTS_S3_ENDPOINT": "http://127.0.0.1:9"}, "was not reached"),
    ],
)
def test_a_second_bucket_that_denies_or_is_away_fails_no_backup_and_is_complained_of(
    copying: Service, spoilt: dict[str, str], words: str, impatient: None
) -> None:
    troubled = copying.with_(**spoilt)
    record = asyncio.run(back_up(troubled.settings))
    assert (record.outcome, record.uploaded, objects_of(record).count) == ("good", True, 2)
    (complaint,) = complaints(troubled)
    assert complaint.startswith("Pictures and files were not all copied: The bucket for copies")
    assert words in complaint
    asyncio.run(back_up(copying.settings))
    assert complaints(copying) == []


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "menuvo_backup.objects.copying.copy_objects.__defaults__", (IMPATIENT,), raising=True
    )


def test_a_copy_that_is_killed_in_its_middle_goes_on_with_the_next_backup(
    copying: Service, object_server: ObjectServer
) -> None:
    for number in range(40):
        put(object_server, PICTURES, f"m/merchant/{number}/400.webp", os.urandom(20_000))
    with stalling_way(object_server.port, passes=400_000) as way:
        process = start(copying.with_(BACKUP_OBJECTS_S3_ENDPOINT=endpoint(way.port)), "now")
        assert way.reached.wait(60)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    (cut_off,) = copying.catalog.list_records()
    assert (cut_off.outcome, cut_off.uploaded) == ("good", True)
    before = len(object_server.keys(COPIES))
    assert 0 < before < 42
    done = start(copying, "now")
    output, _ = done.communicate()
    assert done.returncode == 0, output.decode()
    copied = copied_of(copying.catalog.list_records()[0])
    # What was on its way when the line fell silent may have arrived after we had looked.
    assert 42 - before - 4 <= copied.count <= 42 - before
    assert copied.left == 0
    assert len(object_server.keys(COPIES)) == 42


async def test_what_is_gone_is_told_and_brought_back_as_it_was(
    copying: Service, object_server: ObjectServer
) -> None:
    record = await back_up(copying.settings)
    for bucket, key in ((PICTURES, PICTURE), (FILES, ORIGINAL)):
        (object_server.folder(bucket) / key).unlink()
    put(object_server, PICTURES, "m/merchant/new/400.webp", b"newer than the backup")
    assert await compare_objects(copying.settings, None) == Compared(record.id, listed=2, gone=2)
    restored = await compare_objects(copying.settings, record.id, restores=True)
    assert (restored.gone, restored.restored) == (2, 2)
    assert (object_server.folder(FILES) / ORIGINAL).read_bytes() == b"the original of it"
    assert kind_of(object_server, PICTURES, PICTURE) == "image/webp"
    assert "m/merchant/new/400.webp" in object_server.keys(PICTURES)
    assert (await compare_objects(copying.settings, None)).gone == 0


async def test_what_has_no_copy_does_not_come_back_and_fails(
    copying: Service, object_server: ObjectServer
) -> None:
    await back_up(copying.settings)
    (object_server.folder(PICTURES) / PICTURE).unlink()
    (object_server.folder(COPIES) / f"pictures/{PICTURE}").unlink()
    with pytest.raises(ObjectsFailed, match="1 did not come back"):
        await compare_objects(copying.settings, None, restores=True)


async def test_on_a_new_server_the_list_is_taken_from_the_bucket(listing: Service) -> None:
    record = await back_up(listing.settings)
    (listing.catalog.path(record) / OBJECTS).unlink()
    assert (await compare_objects(listing.settings, record.id)).listed == 2


async def test_without_a_list_or_copies_it_says_so(listing: Service, service: Service) -> None:
    with pytest.raises(NoList, match="are not known"):
        await compare_objects(service.settings, None)
    with pytest.raises(NoList, match="No backup has a list"):
        await compare_objects(listing.settings, None)


def test_thousands_of_objects_are_listed_and_copied_within_the_memory_of_the_container(
    copying: Service, object_server: ObjectServer
) -> None:
    many = 3000
    for number in range(many):
        path = object_server.folder(PICTURES) / f"m/{number % 50}/{number:064}/400.webp"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 1000)
    for number in range(6):
        put(object_server, FILES, f"imports/{number}", os.urandom(20 * 1024 * 1024))
    environment = {**os.environ, **copying.environment, "PATH": os.environ["PATH"]}
    argv = [sys.executable, "-c", _MEASURED]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True)
    copied = copied_of(copying.catalog.list_records()[0])
    assert (copied.count, copied.left) == (many + 8, 0)
    mebibytes = int(done.stderr.split()[-1]) / 1024
    # `serve` leaves more than 90 of the container's 128 MiB.
    assert mebibytes < 90


def test_three_hundred_thousand_objects_are_known_in_a_few_megabytes() -> None:
    def known_in(make: Callable[[], Known]) -> tuple[Known, float]:
        tracemalloc.start()
        known = make()
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return known, held / 1_000_000

    def make() -> Known:
        known = Known()
        for number in range(300_000):
            known.add(Object("pictures", f"m/{number}", number))
        return known

    known, megabytes = known_in(make)
    assert megabytes < 5
    assert Object("pictures", "m/299999", 299_999) in known
    assert Object("pictures", "m/299999", 299_998) not in known
    assert Object("files", "m/299999", 299_999) not in known
