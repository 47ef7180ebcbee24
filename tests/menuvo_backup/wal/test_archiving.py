"""The log gets to the bucket whatever happens on its way, and nothing there is ever replaced."""

import gzip
import os
import signal
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from menuvo_backup.bucket import Bucket
from menuvo_backup.errors import NotOurArchive, SegmentDiffers
from menuvo_backup.settings import Keys, Redacted
from menuvo_backup.wal.archive import Archive
from menuvo_backup.wal.claiming import claim
from menuvo_backup.wal.parcels import Parcels
from menuvo_backup.wal.receiving import SLOT
from menuvo_backup.wal.shipping import Shipping
from menuvo_backup.wal.spool import Spool, written_bytes
from menuvo_backup.wal.status import find_complaints_of_the_log
from tests.menuvo_backup.conftest import IMPATIENT
from tests.menuvo_backup.object_server import STRANGER, STRANGERS_SECRET, ObjectServer
from tests.menuvo_backup.wal.conftest import Archived, service_of, until

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

MORE_THAN_A_SEGMENT = (
    "SELECT pg_logical_emit_message(true, 'test', repeat(md5(random()::text), 60000)) IS NULL"
)


def segments(server: ObjectServer) -> list[str]:
    return sorted(Path(key).name for key in server.files() if "/segments/" in key)


def trouble_of(archived: Archived) -> str:
    status = archived.memory.status()
    return status.trouble.cause if status is not None and status.trouble is not None else ""


def waiting(archived: Archived) -> int:
    return Spool(archived.service.folder).bytes()


async def test_whole_segments_arrive_as_the_server_has_them_and_leave_this_disk(
    archived: Archived, object_server: ObjectServer
) -> None:
    async with archived.archiving():
        await archived.shipped()
        name = await archived.ask("SELECT pg_walfile_name(pg_current_wal_lsn())")
        await archived.ask(MORE_THAN_A_SEGMENT)
        original = (archived.cluster.data / "pg_wal" / name).read_bytes()
        await archived.shipped()
    found = {Path(key).name: file for key, file in object_server.files().items()}
    assert gzip.decompress(found[f"{name}.gz"].read_bytes()) == original
    assert waiting(archived) == 0


async def test_while_the_bucket_is_away_the_log_waits_here_and_then_all_of_it_arrives(
    archived: Archived, object_server: ObjectServer
) -> None:
    away = replace(
        archived, service=archived.service.with_(BACKUP_S3_ENDPOINT="http://127.0.0.1:9")
    )
    async with away.archiving():
        await until(lambda: "not reached" in trouble_of(archived))
        await archived.ask(MORE_THAN_A_SEGMENT)
        await until(lambda: waiting(archived) > 0)
        later = datetime.now(UTC) + timedelta(minutes=4)
    assert segments(object_server) == []
    status = archived.memory.status()
    assert status is not None
    archived.memory.keep(replace_at(status, later))
    (complaint,) = find_complaints_of_the_log(archived.memory, later)
    assert "archived late" in complaint.what
    assert "The bucket was not reached" in complaint.details
    async with archived.archiving():
        await archived.shipped()
        assert find_complaints_of_the_log(archived.memory, datetime.now(UTC)) == []
    numbers = [int(name[16:24], 16) for name in segments(object_server)]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert waiting(archived) == 0


def replace_at(status, at):
    from msgspec.structs import replace as replaced

    return replaced(status, at=at, since=status.since)


async def test_a_key_that_may_not_write_is_told_and_nothing_is_lost(archived: Archived) -> None:
    stranger = archived.service.with_(
        BACKUP_S3_ACCESS_KEY_ID=STRANGER, BACKUP_S3_SECRET_ACCESS_KEY=STRANGERS_SECRET
    )
    async with replace(archived, service=stranger).archiving():
        await until(lambda: "denied" in trouble_of(archived))
        await archived.ask(MORE_THAN_A_SEGMENT)
        await until(lambda: waiting(archived) > 0)
    async with archived.archiving():
        await archived.shipped()
    assert waiting(archived) == 0


async def test_a_disk_that_takes_no_note_of_it_ends_no_archiving(
    archived: Archived, object_server: ObjectServer, capfd: pytest.CaptureFixture[str]
) -> None:
    """A disk that is full is one: what waits for the bucket still leaves it."""
    heard: list[str] = []

    def complained() -> int:
        heard.append(capfd.readouterr().out)
        return "".join(heard).count("wal_status_not_kept")

    async with archived.archiving():
        await archived.shipped()
        in_its_way = archived.service.folder / "wal" / "status.json.new"
        await until(lambda: _is_made(in_its_way))
        before, there = archived.moment, segments(object_server)
        await archived.ask(MORE_THAN_A_SEGMENT)
        await until(lambda: segments(object_server) != there)
        await until(complained)
        assert archived.moment == before
        in_its_way.rmdir()
        await archived.shipped()
    assert complained() == 1


def _is_made(folder: Path) -> bool:
    """In a moment in which nobody writes a file of that name."""
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    return True


async def test_a_receiver_that_is_killed_goes_on_where_it_was(
    archived: Archived, object_server: ObjectServer
) -> None:
    async with archived.archiving():
        await archived.shipped()
        await archived.ask(MORE_THAN_A_SEGMENT)
        os.kill(receiver_of(archived), signal.SIGKILL)
        await archived.ask(MORE_THAN_A_SEGMENT)
        await archived.shipped()
    numbers = [int(name[16:24], 16) for name in segments(object_server)]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert archived.memory.gap() is None


def receiver_of(archived: Archived) -> int:
    found = subprocess.run(
        ["pgrep", "--full", f"pg_receivewal --directory={archived.service.folder}"],
        capture_output=True,
        check=True,
        text=True,
    )
    return int(found.stdout.split()[0])


DROP = f"SELECT pg_drop_replication_slot('{SLOT}')"
# In production this much is what the server keeps for it while the bucket is away.
KEEP_LITTLE = "ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'"


@pytest.mark.parametrize(("fate", "told"), [(DROP, "is gone"), (KEEP_LITTLE, "was lost")])
async def test_without_its_slot_there_is_a_hole_until_a_new_base_backup(
    archived: Archived, capfd: pytest.CaptureFixture[str], fate: str, told: str
) -> None:
    async with archived.archiving():
        await archived.shipped()
        await archived.base()
        before = await archived.write("before the hole")
        await archived.shipped()
    await archived.ask(fate)
    await archived.ask("SELECT pg_reload_conf()")
    for _ in range(4):
        await archived.ask(MORE_THAN_A_SEGMENT)
        await archived.ask("SELECT pg_switch_wal()")
    await archived.ask("CHECKPOINT")
    async with archived.archiving():
        await until(lambda: archived.memory.gap() is not None)
        await archived.shipped()
        complaints = find_complaints_of_the_log(archived.memory, datetime.now(UTC))
        assert told in " ".join(map(str, complaints))
        await archived.base()
        await archived.shipped()
        assert find_complaints_of_the_log(archived.memory, datetime.now(UTC)) == []
    assert '"event":"wal_gap"' in capfd.readouterr().out
    window = await archived.window()
    assert window.begin is not None
    assert window.begin > before
    (earlier,) = window.earlier
    assert earlier.begin < before < earlier.end < window.begin


async def test_where_another_server_archives_nothing_is_written_until_an_operator_says_so(
    archived: Archived, object_server: ObjectServer, tmp_path: Path
) -> None:
    """A twin: the same system, the same timeline, another volume."""
    async with archived.archiving():
        await archived.shipped()
    before = set(object_server.files())
    folder = tmp_path / "of-the-twin"
    twin = replace(archived, service=service_of(archived.cluster, object_server, folder))
    async with twin.archiving():
        await until(lambda: "Another server archives" in trouble_of(twin))
    with pytest.raises(NotOurArchive):
        await twin.base()
    assert set(object_server.files()) == before
    await claim(twin.service.settings, IMPATIENT)
    async with twin.archiving():
        await twin.shipped()


class Watched(Bucket):
    """Remembers what was put there, in its order."""

    def __init__(self, server: ObjectServer) -> None:
        super().__init__(server.settings, IMPATIENT)
        self.put_there: list[str] = []

    async def put(self, content: bytes, *, to: str) -> None:
        await super().put(content, to=to)
        self.put_there.append(Path(to).name)


async def test_a_timeline_is_claimed_once_its_history_is_there(
    object_server: ObjectServer, tmp_path: Path
) -> None:
    """Without it nobody knows which timeline it came from, and another one gets its number."""
    object_server.empty()
    bucket, parcels = Watched(object_server), Parcels(Keys((), Redacted("")))
    line = Spool(tmp_path).begin("7000000000000000001", 2)
    shipping = Shipping(line, bucket, parcels, "we", None)
    await shipping.ship()
    assert bucket.put_there == []
    (line.folder / "00000002.history").write_text("1\t0/3000060\tbefore 2026-11-23 18:05\n")
    await shipping.ship()
    assert bucket.put_there == ["00000002.history", "claim.json"]
    await shipping.ship()
    assert len(bucket.put_there) == 2


async def test_what_the_lifecycle_took_of_a_timeline_that_lasts_is_written_again(
    object_server: ObjectServer, tmp_path: Path
) -> None:
    object_server.empty()
    line = Spool(tmp_path).begin("7000000000000000001", 2)
    (line.folder / "00000002.history").write_text("1\t0/3000060\tbefore 2026-11-23 18:05\n")
    bucket, parcels = Watched(object_server), Parcels(Keys((), Redacted("")))
    shipping = Shipping(line, bucket, parcels, "we", None)
    await shipping.ship()
    for file in object_server.files().values():
        file.unlink()
    await shipping.ship()
    assert {Path(key).name for key in object_server.files()} == {"00000002.history", "claim.json"}


async def test_a_segment_of_the_same_name_is_never_replaced(
    archived: Archived, object_server: ObjectServer, tmp_path: Path
) -> None:
    bucket = Bucket(object_server.settings, IMPATIENT)
    parcels = Parcels(Keys((), Redacted("")))
    archive = Archive(bucket, parcels, "7000000000000000001", 1)
    file = tmp_path / "000000010000000000000001"
    file.write_bytes(b"first" * 1000)
    await archive.keep_segment(file)
    await archive.keep_segment(file)
    file.write_bytes(b"other" * 1000)
    with pytest.raises(SegmentDiffers, match="another"):
        await archive.keep_segment(file)
    (kept,) = (path for key, path in object_server.files().items() if "/segments/" in key)
    assert gzip.decompress(kept.read_bytes()) == b"first" * 1000


def test_a_segment_that_grows_is_read_up_to_its_zeros(tmp_path: Path) -> None:
    file = tmp_path / "000000010000000000000001.partial"
    for written in (b"", b"x", b"a\0\0b", b"y" * 300_000):
        file.write_bytes(written + bytes(1024 * 1024 - len(written)))
        assert written_bytes(file) == len(written)
