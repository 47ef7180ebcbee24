"""A backup that nobody reads who has the bucket alone, and that whoever has the key restores."""

import asyncio
import json
import os
import subprocess
from collections.abc import Callable, Coroutine, Generator
from pathlib import Path

import asyncpg
import pytest
from msgspec.structs import replace

from menuvo_backup.errors import DumpDamaged, KeyMissing, NotOpened, UploadFailed, WrongKey
from menuvo_backup.recall import recall
from menuvo_backup.records import DUMP, GLOBALS, MANIFEST, RECORD, Record
from menuvo_backup.restore import restore
from menuvo_backup.run import back_up, upload
from menuvo_backup.verify import verify
from menuvo_ops.local.postgres import PostgresServer
from tests.age import Pair, new_pair
from tests.conftest import Database, run_as_owner
from tests.menuvo_backup.conftest import IMPATIENT, Service
from tests.menuvo_backup.object_server import STRANGER, STRANGERS_SECRET, ObjectServer

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.usefixtures("age")]
A_GUEST = "Ada Lovelace of table nine"


@pytest.fixture
def pair(age: None) -> Pair:
    return new_pair()


@pytest.fixture
def sealing(service: Service, pair: Pair) -> Service:
    """Seals, and has the key."""
    return service.with_(BACKUP_AGE_RECIPIENT=pair.recipient, BACKUP_AGE_IDENTITY=pair.identity)


@pytest.fixture
def guest(filled: Database) -> None:
    asyncio.run(write_down(filled.owner_url, A_GUEST))


async def write_down(url: str, words: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE noise SET words = $1 WHERE id = 1", words)
    await connection.close()


async def words_in(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return str(await connection.fetchval("SELECT words FROM noise WHERE id = 1"))
    finally:
        await connection.close()


def only_record(service: Service) -> Record:
    (record,) = service.catalog.list_records()
    return record


def sealed_size(record: Record) -> int:
    assert record.dump is not None
    assert record.dump.sealed is not None
    return record.dump.sealed.bytes


def sum_of(file: Path) -> str:
    return subprocess.check_output(["sha256sum", file], text=True).split()[0]


async def test_in_the_bucket_all_is_sealed_but_what_says_what_it_is(
    sealing: Service, object_server: ObjectServer, pair: Pair
) -> None:
    record = await back_up(sealing.settings)
    stored = object_server.files()
    names = {key.removeprefix(f"{record.id}/") for key in stored}
    assert names == {f"{DUMP}.age", f"{GLOBALS}.age", RECORD}
    for name in (f"{DUMP}.age", f"{GLOBALS}.age"):
        assert stored[f"{record.id}/{name}"].read_bytes().startswith(b"age-encryption.org/v1\n")
    written = json.loads(stored[f"{record.id}/{RECORD}"].read_bytes())
    for name, content in ((DUMP, written["dump"]), (GLOBALS, written["globals"])):
        there, here = stored[f"{record.id}/{name}.age"], sealing.catalog.path(record) / name
        assert content["uploaded"] == f"menuvo/{record.id}/{name}.age"
        assert content["sealed"]["bytes"] == there.stat().st_size
        assert content["sealed"]["sha256"] == sum_of(there)
        assert content["sealed"]["recipients"] == [pair.recipient]
        assert (content["bytes"], content["sha256"]) == (here.stat().st_size, sum_of(here))
    assert "CREATE ROLE" in (sealing.catalog.path(record) / GLOBALS).read_text()


async def test_it_is_fetched_opened_and_restored_before_it_counts(
    sealing: Service, object_server: ObjectServer
) -> None:
    record = await back_up(sealing.settings)
    (sealing.catalog.path(record) / DUMP).unlink()
    proved = await verify(sealing.settings)
    assert proved.verified is not None
    assert (proved.verified.source, proved.verified.unopened) == ("bucket", False)
    assert proved.verified.rows >= 2000
    listed = json.loads(object_server.files()[f"{record.id}/{MANIFEST}"].read_bytes())
    assert listed["dump"]["sealed"]["bytes"] == sealed_size(record)


async def test_a_new_server_with_the_key_gets_all_of_it_back(
    sealing: Service, guest: None, filled: Database, tmp_path: Path
) -> None:
    record = await back_up(sealing.settings)
    await write_down(filled.owner_url, "overwritten")
    new = sealing.with_(BACKUP_DIR=str(tmp_path / "new"))
    (tmp_path / "new").mkdir()
    assert [found.id for found in await recall(new.settings)] == [record.id]
    await restore(new.settings, record.id)
    assert await words_in(filled.owner_url) == A_GUEST


async def test_without_the_key_what_was_sent_is_compared_and_the_copy_here_restored(
    sealing: Service, object_server: ObjectServer, capfd: pytest.CaptureFixture[str]
) -> None:
    keyless = sealing.with_(BACKUP_AGE_IDENTITY="")
    record = await back_up(keyless.settings)
    proved = await verify(keyless.settings)
    assert proved.verified is not None
    assert (proved.verified.source, proved.verified.unopened) == ("here", True)
    listed = json.loads(object_server.files()[f"{record.id}/{MANIFEST}"].read_bytes())
    assert listed["verified"]["unopened"] is True
    *_, told = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert (told["event"], told["source"], told["unopened"]) == ("backup_verified", "here", True)


def flip(file: Path) -> None:
    with file.open("r+b") as damaged:
        damaged.seek(file.stat().st_size // 2)
        byte = damaged.read(1)
        damaged.seek(-1, os.SEEK_CUR)
        damaged.write(bytes([byte[0] ^ 1]))


def flip_in_the_header(file: Path) -> None:
    """Where it says for whom: age would take it for a file that is for somebody else."""
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.write_bytes(content)


def truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


@pytest.mark.parametrize("has_key", [True, False], ids=["with the key", "without"])
@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (flip, "are not the"),
        (flip_in_the_header, "are not the"),
        (truncate, "are not the"),
        (Path.unlink, "not in the bucket any more"),
    ],
)
async def test_a_sealed_object_that_is_damaged_is_no_backup_whoever_has_the_key(
    sealing: Service,
    object_server: ObjectServer,
    damage: Callable[[Path], None],
    sentence: str,
    has_key: bool,
) -> None:
    service = sealing if has_key else sealing.with_(BACKUP_AGE_IDENTITY="")
    record = await back_up(service.settings)
    damage(object_server.files()[f"{record.id}/{DUMP}.age"])
    with pytest.raises(DumpDamaged, match=sentence):
        await verify(service.settings)
    failed = only_record(service)
    assert (failed.outcome, failed.refuted) == ("failed", True)
    assert f"{DUMP}.age" in failed.cause
    assert failed.hint


async def test_without_the_key_and_the_copy_nothing_can_be_said_of_it(
    sealing: Service, pair: Pair
) -> None:
    keyless = sealing.with_(BACKUP_AGE_IDENTITY="")
    record = await back_up(keyless.settings)
    (keyless.catalog.path(record) / DUMP).unlink()
    with pytest.raises(KeyMissing, match=record.id) as caught:
        await verify(keyless.settings)
    assert pair.recipient in caught.value.hint
    doubted = only_record(keyless)
    assert (doubted.outcome, doubted.refuted) == ("good", False)
    assert doubted.doubt is not None
    assert "BACKUP_AGE_IDENTITY" in doubted.doubt.hint


async def test_who_asks_for_the_bucket_is_not_shown_the_copy_here(sealing: Service) -> None:
    keyless = sealing.with_(BACKUP_AGE_IDENTITY="")
    await back_up(keyless.settings)
    with pytest.raises(KeyMissing):
        await verify(keyless.settings, source="bucket")


@pytest.mark.parametrize("work", [verify, restore])
async def test_the_key_of_somebody_else_is_told_before_anything_is_fetched(
    sealing: Service,
    object_server: ObjectServer,
    work: Callable[..., Coroutine[None, None, object]],
    filled: Database,
    guest: None,
) -> None:
    record = await back_up(sealing.settings)
    object_server.empty()
    wrong = sealing.with_(BACKUP_AGE_RECIPIENT="", BACKUP_AGE_IDENTITY=new_pair().identity)
    with pytest.raises(WrongKey, match="sealed for somebody else"):
        await work(wrong.settings, record.id, source="bucket")
    assert await words_in(filled.owner_url) == A_GUEST
    assert not only_record(wrong).refuted


def named_otherwise(record: Record, recipient: str) -> Record:
    assert record.dump is not None
    assert record.dump.sealed is not None
    sealed = replace(record.dump.sealed, recipients=[recipient])
    return replace(record, dump=replace(record.dump, sealed=sealed))


async def test_an_object_that_is_whole_and_opened_by_no_key_is_no_proof_of_anything(
    sealing: Service,
) -> None:
    """As if the record named the wrong recipient."""
    record = await back_up(sealing.settings)
    other = new_pair()
    sealing.catalog.update(named_otherwise(record, other.recipient))
    with_other = sealing.with_(BACKUP_AGE_RECIPIENT="", BACKUP_AGE_IDENTITY=other.identity)
    with pytest.raises(NotOpened, match="no identity matched"):
        await verify(with_other.settings)
    assert not only_record(sealing).refuted


async def test_what_was_made_before_it_was_switched_on_is_restored_afterwards(
    service: Service, pair: Pair, guest: None, filled: Database
) -> None:
    record = await back_up(service.settings)
    sealing = service.with_(BACKUP_AGE_RECIPIENT=pair.recipient, BACKUP_AGE_IDENTITY=pair.identity)
    proved = await verify(sealing.settings, record.id)
    assert proved.verified is not None
    assert proved.verified.source == "bucket"
    await write_down(filled.owner_url, "overwritten")
    await restore(sealing.settings, record.id, source="bucket")
    assert await words_in(filled.owner_url) == A_GUEST


async def test_what_was_sealed_is_restored_after_it_was_switched_off(
    sealing: Service, guest: None, filled: Database
) -> None:
    record = await back_up(sealing.settings)
    off = sealing.with_(BACKUP_AGE_RECIPIENT="")
    await write_down(filled.owner_url, "overwritten")
    await restore(off.settings, record.id, source="bucket")
    assert await words_in(filled.owner_url) == A_GUEST


async def test_a_dump_that_changed_on_the_disk_is_not_sealed_and_passed_off_as_one(
    sealing: Service, object_server: ObjectServer
) -> None:
    denied = sealing.with_(
        BACKUP_S3_ACCESS_KEY_ID=STRANGER, BACKUP_S3_SECRET_ACCESS_KEY=STRANGERS_SECRET
    )
    with pytest.raises(UploadFailed, match="denied"):
        await back_up(denied.settings, IMPATIENT)
    record = only_record(sealing)
    flip(sealing.catalog.path(record) / DUMP)
    with pytest.raises(UploadFailed, match="is not what was dumped"):
        await upload(sealing.settings)
    assert f"{record.id}/{DUMP}.age" not in object_server.files()


@pytest.fixture
def empty_database(postgres: PostgresServer) -> Generator[str]:
    run_as_owner(postgres, "CREATE DATABASE opened TEMPLATE template0")
    try:
        yield postgres.url(database="opened")
    finally:
        run_as_owner(postgres, "DROP DATABASE opened WITH (FORCE)")


def commands_by_hand() -> str:
    """As the reference tells them."""
    page = Path(__file__).parents[2] / "docs/reference/backup.md"
    (found,) = [
        part for part in page.read_text(encoding="utf-8").split("```") if "age --decrypt" in part
    ]
    return found.removeprefix("sh\n")


def test_without_us_it_is_restored_by_the_commands_of_the_reference(
    sealing: Service,
    object_server: ObjectServer,
    guest: None,
    pair: Pair,
    tmp_path: Path,
    empty_database: str,
) -> None:
    record = asyncio.run(back_up(sealing.settings))
    (tmp_path / "key.txt").write_text(f"{pair.identity}\n")
    sealed = object_server.files()[f"{record.id}/{DUMP}.age"]
    (tmp_path / sealed.name).write_bytes(sealed.read_bytes())
    script = commands_by_hand().replace(
        "postgresql://menuvo@host/an-empty-database", empty_database
    )
    done = subprocess.run(
        ["sh", "-e", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert asyncio.run(words_in(empty_database)) == A_GUEST
