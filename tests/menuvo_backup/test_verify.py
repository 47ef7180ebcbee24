"""A backup is proved by restoring it: what is wrong with one must come out, and leave nothing."""

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec
import pytest

from menuvo_backup import verify as verifying
from menuvo_backup.catalog import Catalog
from menuvo_backup.errors import (
    BackupError,
    ContentsDiffer,
    DumpDamaged,
    NoSpace,
    RestoreFailed,
    UploadFailed,
)
from menuvo_backup.health import beat, find_complaints
from menuvo_backup.postgres import Connection
from menuvo_backup.records import DUMP, GLOBALS, MANIFEST, Record
from menuvo_backup.run import back_up, upload
from menuvo_backup.settings import read_watch
from menuvo_backup.verify import verify
from tests.conftest import Database
from tests.menuvo_backup.conftest import IMPATIENT, Service, fill
from tests.menuvo_backup.object_server import STRANGER, STRANGERS_SECRET, ObjectServer
from tests.menuvo_backup.stalling import stalling_way
from tests.menuvo_ops.waiting import eventually

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def only_record(service: Service) -> Record:
    (record,) = service.catalog.list_records()
    return record


def left_of_it(service: Service) -> list[str]:
    """Files of a verification, and servers that work in them."""
    place = service.folder / "scratch"
    files = [str(place)] if place.exists() else []
    return files + [f"server {pid}" for pid in servers_in(place)]


def servers_in(place: Path) -> list[int]:
    found: list[int] = []
    for program in Path("/proc").glob("[0-9]*"):
        try:
            at = (program / "cwd").readlink()
        except OSError:
            continue
        if at.is_relative_to(place):
            found.append(int(program.name))
    return found


async def test_what_the_bucket_holds_is_restored_and_only_then_listed_as_proved(
    service: Service, object_server: ObjectServer, capfd: pytest.CaptureFixture[str]
) -> None:
    record = await back_up(service.settings)
    assert f"{record.id}/{MANIFEST}" not in object_server.files()
    assert record.awaits_verification
    capfd.readouterr()
    proved = await verify(service.settings)
    assert proved == service.catalog.get(record.id)
    assert proved.verified is not None
    assert proved.contents is not None
    assert (proved.verified.source, proved.verified.rows) == ("bucket", proved.contents.total_rows)
    assert proved.verified.rows >= 2000
    assert proved.verified.restore_seconds > 0
    listed = json.loads(object_server.files()[f"{record.id}/{MANIFEST}"].read_bytes())
    assert listed["verified"]["rows"] == proved.verified.rows
    assert listed["dump"]["sha256"] == record.dump.sha256 if record.dump else False
    events = [json.loads(line)["event"] for line in capfd.readouterr().out.splitlines()]
    assert events == ["verify_started", "backup_verified"]
    assert left_of_it(service) == []


async def test_proved_again_it_leaves_the_first_proof_in_the_bucket_as_it_is(
    service: Service, object_server: ObjectServer
) -> None:
    """As every drill does: a bucket that locks what it has would refuse another one."""
    record = await back_up(service.settings)
    await verify(service.settings)
    manifest = object_server.files()[f"{record.id}/{MANIFEST}"]
    first = manifest.read_bytes()
    again = await verify(service.settings)
    assert manifest.read_bytes() == first
    assert service.catalog.get(record.id).verified == again.verified


async def test_without_a_bucket_the_copy_on_this_disk_is_proved(local: Service) -> None:
    record = await back_up(local.settings)
    proved = await verify(local.settings, record.id)
    assert proved.verified is not None
    assert proved.verified.source == "here"
    assert (local.catalog.path(record) / DUMP).exists()
    assert left_of_it(local) == []


async def test_a_trial_of_the_copy_on_this_disk_is_none_of_what_reaches_the_bucket_later(
    service: Service,
) -> None:
    denied = service.with_(
        BACKUP_S3_ACCESS_KEY_ID=STRANGER, BACKUP_S3_SECRET_ACCESS_KEY=STRANGERS_SECRET
    )
    with pytest.raises(UploadFailed):
        await back_up(denied.settings, IMPATIENT)
    assert (await verify(service.settings)).verified is not None
    sent = await upload(service.settings)
    assert sent.awaits_verification
    proved = await verify(service.settings)
    assert proved.verified is not None
    assert proved.verified.source == "bucket"


async def test_policies_roles_and_sequences_come_along(local: Service, filled: Database) -> None:
    """Whatever the schema has; a role that nobody else has is granted to another one."""
    owner = await asyncpg.connect(filled.owner_url)
    await owner.execute(
        'CREATE ROLE "of a; team"; CREATE ROLE member IN ROLE "of a; team";'
        "CREATE TABLE owned (n int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m serial);"
        "INSERT INTO owned DEFAULT VALUES;"
        'GRANT SELECT ON owned TO "of a; team"; ALTER TABLE owned ENABLE ROW LEVEL SECURITY;'
        "CREATE POLICY few ON owned TO member USING (n > 0); ALTER TABLE owned OWNER TO member;"
    )
    try:
        _ = await back_up(local.settings)
        proved = await verify(local.settings)
    finally:
        await owner.execute('DROP TABLE owned; DROP ROLE member, "of a; team"')
        await owner.close()
    assert proved.contents is not None
    assert proved.contents.sequences["public.owned_n_seq"].last == 1


def flip(file: Path) -> None:
    with file.open("r+b") as damaged:
        damaged.seek(file.stat().st_size // 2)
        byte = damaged.read(1)
        damaged.seek(-1, os.SEEK_CUR)
        damaged.write(bytes([byte[0] ^ 1]))


def truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (flip, "are not the"),
        (truncate, "are not the"),
        (Path.unlink, "not in the bucket any more"),
    ],
)
@pytest.mark.parametrize("name", [DUMP, GLOBALS])
async def test_what_is_damaged_in_the_bucket_is_a_failed_backup(
    service: Service,
    object_server: ObjectServer,
    damage: Callable[[Path], None],
    sentence: str,
    name: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    record = await back_up(service.settings)
    damage(object_server.files()[f"{record.id}/{name}"])
    capfd.readouterr()
    with pytest.raises(DumpDamaged, match=sentence):
        await verify(service.settings)
    failed = only_record(service)
    assert (failed.outcome, failed.refuted, failed.verified) == ("failed", True, None)
    assert name in failed.cause
    assert failed.hint
    told = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert told[-1]["event"] == "verify_failed"
    assert told[-1]["cause"] == failed.cause
    assert f"{record.id}/{MANIFEST}" not in object_server.files()
    assert left_of_it(service) == []
    # What lies here is whole, and that is worth knowing - but it proves nothing about the bucket.
    proved = await verify(service.settings, source="here")
    assert (proved.outcome, proved.cause) == ("good", "")
    assert f"{record.id}/{MANIFEST}" not in object_server.files()


async def test_an_older_dump_under_a_newer_name_is_not_the_newer_one(
    service: Service, object_server: ObjectServer, filled: Database
) -> None:
    older = await back_up(service.settings)
    await fill(filled, rows=2001)
    newer = await back_up(service.settings)
    stored = object_server.files()
    stored[f"{newer.id}/{DUMP}"].write_bytes(stored[f"{older.id}/{DUMP}"].read_bytes())
    with pytest.raises(DumpDamaged):
        await verify(service.settings, newer.id)
    await fill(filled)


async def test_an_older_dump_whose_checksum_was_made_to_fit_has_other_rows(
    local: Service, filled: Database
) -> None:
    """The comparison is what finds a dump that is perfectly restorable, and another one."""
    older = await back_up(local.settings)
    await fill(filled, rows=2001)
    newer = await back_up(local.settings)
    (local.catalog.path(newer) / DUMP).write_bytes((local.catalog.path(older) / DUMP).read_bytes())
    local.catalog.update(msgspec.structs.replace(newer, dump=older.dump))
    with pytest.raises(ContentsDiffer) as caught:
        await verify(local.settings, newer.id)
    assert "public.noise has 2,000 rows instead of 2,001" in caught.value.cause
    assert local.catalog.get(newer.id).outcome == "failed"
    await fill(filled)


async def test_what_pg_restore_refuses_is_a_failed_backup(local: Service) -> None:
    """Cut in two where the checksum was made to fit: only restoring shows it."""
    record = await back_up(local.settings)
    assert record.dump is not None
    file = local.catalog.path(record) / DUMP
    os.truncate(file, record.dump.bytes // 2)
    summed = hashlib.sha256(file.read_bytes()).hexdigest()
    cut = msgspec.structs.replace(record.dump, bytes=file.stat().st_size, sha256=summed)
    local.catalog.update(msgspec.structs.replace(record, dump=cut))
    with pytest.raises(RestoreFailed, match="cannot be restored"):
        await verify(local.settings)
    assert only_record(local).outcome == "failed"
    assert left_of_it(local) == []


async def test_a_bucket_that_is_not_reached_leaves_the_backup_in_doubt_but_good(
    service: Service, object_server: ObjectServer
) -> None:
    record = await back_up(service.settings)
    with stalling_way(object_server.port, passes=0, cuts=True) as way:
        away = service.with_(BACKUP_S3_ENDPOINT=f"http://127.0.0.1:{way.port}")
        with pytest.raises(BackupError, match="was not reached"):
            await verify(away.settings, patience=IMPATIENT)
    doubtful = service.catalog.get(record.id)
    assert doubtful.outcome == "good"
    assert doubtful.doubt is not None
    assert doubtful.awaits_verification
    assert any("was not verified" in line for line in complaints(service))
    assert (await verify(service.settings)).doubt is None
    assert not any("verified" in line for line in complaints(service))


def complaints(service: Service, *, later: timedelta = timedelta(seconds=2)) -> list[str]:
    beat(service.folder)
    found = find_complaints(read_watch(service.environment), datetime.now(UTC) + later)
    return [str(complaint) for complaint in found]


async def test_a_refuted_backup_is_complained_of_once_and_made_again(local: Service) -> None:
    record = await back_up(local.settings)
    flip(local.catalog.path(record) / DUMP)
    with pytest.raises(DumpDamaged):
        await verify(local.settings)
    (complaint,) = complaints(local)
    assert complaint.startswith(f"Backup {record.id} failed: database.dump on this disk")
    assert not only_record(local).only_here


async def test_verification_counts_from_when_it_was_switched_on(local: Service) -> None:
    verifying = local.with_(BACKUP_VERIFY="true")
    now = datetime.now(UTC)
    record = await back_up(local.settings)
    local.catalog.remember_since(now)
    local.catalog.remember_verifying(now, verifies=True)
    late = timedelta(hours=25)
    assert complaints(verifying, later=late) == []
    # One that is missing altogether is not also said to be unverified.
    (complaint,) = complaints(verifying, later=timedelta(hours=40))
    assert complaint.startswith("A backup is missing")
    newer = msgspec.structs.replace(record, id=f"{now + timedelta(hours=24):%Y%m%dT%H%M%SZ}")
    local.catalog.workplace(newer).mkdir()
    local.catalog.keep(newer)
    (complaint,) = complaints(verifying, later=timedelta(hours=40))
    assert complaint.startswith("A verified backup is missing: there is none since")
    assert complaints(local, later=timedelta(hours=40)) == []


async def test_a_disk_without_room_for_the_restored_database_is_said_before_anything_is_fetched(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await back_up(service.settings)
    assert record.dump is not None
    usage = type("Usage", (), {"free": record.dump.bytes + 17_000_000})()

    def nearly_full(_: Path) -> object:
        return usage

    monkeypatch.setattr("shutil.disk_usage", nearly_full)

    async def never(*_: object, **__: object) -> None:
        pytest.fail("it was fetched")

    monkeypatch.setattr(verifying, "fetch", never)
    with pytest.raises(NoSpace, match="A verification needs"):
        await verify(service.settings)
    assert service.catalog.get(record.id).outcome == "good"


ON_A_SMALL_DISK = """
set -e
mount -t tmpfs -o size=$SIZE tmpfs "$BACKUP_DIR"
cp -a "$KEPT"/. "$BACKUP_DIR"
if "$PYTHON" -c "
import menuvo_backup.verify as v
v.check_space = lambda *_, **__: None
from menuvo_backup.cli import main
raise SystemExit(main(['verify']))"; then exit 9; fi
"$PYTHON" -m menuvo_backup list --json
find "$BACKUP_DIR" -name scratch
"""


@pytest.mark.parametrize("room", ["fetching", "restoring"])
async def test_a_disk_that_fills_up_in_the_middle_is_not_the_backups_fault(
    service: Service, tmp_path: Path, room: str
) -> None:
    """On a real small disk: a tmpfs in a mount namespace of our own. Nobody asks for room first."""
    record = await back_up(service.settings)
    assert record.dump is not None
    restoring = record.dump.bytes + 45_000_000
    size = record.dump.bytes + {"fetching": 500_000, "restoring": restoring}[room]
    kept = tmp_path / "kept"
    service.folder.rename(kept)
    service.folder.mkdir()
    environment = {
        **os.environ,
        **service.environment,
        "PATH": os.environ["PATH"],
        "SIZE": str(size),
        "KEPT": str(kept),
        "PYTHON": sys.executable,
    }
    done = await asyncio.to_thread(
        subprocess.run,
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", ON_A_SMALL_DISK],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    listed = json.loads(done.stdout.splitlines()[-1])
    assert listed[0]["outcome"] == "good"
    assert "disk was full" in listed[0]["doubt"]["cause"]


@contextmanager
def a_verification(service: Service) -> Generator[subprocess.Popen[bytes]]:
    environment = {**os.environ, **service.environment, "PATH": os.environ["PATH"]}
    process = subprocess.Popen(
        [sys.executable, "-m", "menuvo_backup", "verify"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_a_verification_that_is_ended_in_the_middle_leaves_nothing(
    local: Service, number: signal.Signals
) -> None:
    record = await back_up(local.settings)
    cluster = local.folder / "scratch" / "cluster"
    with a_verification(local) as process:
        eventually(lambda: len(servers_in(cluster)) > 2, within=60)
        process.send_signal(number)
        output, _ = process.communicate(timeout=20)
    if number is signal.SIGTERM:
        assert process.returncode == 143, output.decode()
        assert b"verify_interrupted" in output
    else:
        assert process.returncode == -9
        assert left_of_it(local) != []
        with Catalog(local.folder).alone():
            pass
    assert left_of_it(local) == []
    assert only_record(local) == record
    assert (await verify(local.settings)).verified is not None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_a_verification_that_is_ended_while_it_fetches_leaves_nothing(
    service: Service, object_server: ObjectServer, number: signal.Signals
) -> None:
    record = await back_up(service.settings)
    with stalling_way(object_server.port, passes=0) as way:
        away = service.with_(BACKUP_S3_ENDPOINT=f"http://127.0.0.1:{way.port}")
        with a_verification(away) as process:
            assert way.reached.wait(60)
            process.send_signal(number)
            process.communicate(timeout=20)
    assert (await verify(service.settings)).verified is not None
    assert left_of_it(service) == []
    assert record.id in " ".join(object_server.files())


async def test_a_folder_with_a_long_path_gets_its_socket_elsewhere(
    local: Service, tmp_path: Path
) -> None:
    deep = tmp_path / ("a-long-name-" * 8) / "backups"
    deep.mkdir(parents=True)
    service = Service(deep, {**local.environment, "BACKUP_DIR": str(deep)})
    _ = await back_up(service.settings)
    assert (await verify(service.settings)).verified is not None
    assert left_of_it(service) == []


async def test_a_backup_of_before_this_can_be_compared_with_nothing(local: Service) -> None:
    record = await back_up(local.settings)
    local.catalog.update(msgspec.structs.replace(record, contents=None))
    with pytest.raises(BackupError, match="does not say what was in it"):
        await verify(local.settings)
    assert only_record(local).outcome == "good"


async def test_the_throwaway_listens_on_no_port(
    local: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    before = verifying.restore_into

    async def looking(connection: Connection, dump: Path) -> None:
        asking = await asyncio.create_subprocess_exec(
            *("psql", "-XAtc", "SHOW listen_addresses", connection.url),
            stdout=subprocess.PIPE,
        )
        answer, _ = await asking.communicate()
        seen.append(answer.decode().strip())
        await before(connection, dump)

    monkeypatch.setattr(verifying, "restore_into", looking)
    _ = await back_up(local.settings)
    _ = await verify(local.settings)
    assert seen == [""]
