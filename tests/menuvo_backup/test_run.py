"""Whole runs, on a real server and into a real bucket."""

import asyncio
import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import asyncpg
import pytest

from menuvo_backup.errors import BackupError, NoSpace, UploadFailed
from menuvo_backup.records import DUMP, GLOBALS, RECORD, Record
from menuvo_backup.run import back_up, upload
from menuvo_ops.local.postgres import PostgresServer
from tests.conftest import Database, run_as_owner
from tests.menuvo_backup.conftest import IMPATIENT, Service, fill
from tests.menuvo_backup.object_server import STRANGER, STRANGERS_SECRET, ObjectServer

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


async def finished(
    *argv: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run, argv, env=env, capture_output=True, text=True, check=False
    )


async def fingerprints(url: str) -> dict[str, tuple[int, str]]:
    """Of each table how many rows it has, and a sum over what is in them."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        found: dict[str, tuple[int, str]] = {}
        for table in tables:
            row = await connection.fetchrow(
                "SELECT count(*) AS rows, md5(coalesce(string_agg(t::text, E'\\n' "
                f"ORDER BY t::text COLLATE \"C\"), '')) AS sum FROM {table['name']} t"
            )
            found[table["name"]] = (row["rows"], row["sum"])
        return found
    finally:
        await connection.close()


@pytest.fixture
def empty_database(postgres: PostgresServer) -> Generator[str]:
    run_as_owner(postgres, "CREATE DATABASE restored TEMPLATE template0")
    try:
        yield postgres.url(database="restored")
    finally:
        run_as_owner(postgres, "DROP DATABASE restored WITH (FORCE)")


async def test_what_lies_in_the_bucket_restores_to_the_same_rows(
    service: Service, filled: Database, empty_database: str, object_server: ObjectServer
) -> None:
    record = await back_up(service.settings)
    assert (record.outcome, record.uploaded) == ("good", True)
    stored = object_server.files()
    dump = stored[f"{record.id}/{DUMP}"]
    restored = await finished(
        "pg_restore", "--exit-on-error", "--dbname", empty_database, str(dump)
    )
    assert restored.returncode == 0, restored.stderr
    before, after = await fingerprints(filled.owner_url), await fingerprints(empty_database)
    assert before == after
    assert before["public.noise"][0] == 2000
    assert len(before) > 20

    listed = json.loads(stored[f"{record.id}/{RECORD}"].read_bytes())
    assert listed["outcome"] == "good"
    assert listed["dump"]["bytes"] == stored[f"{record.id}/{DUMP}"].stat().st_size
    assert listed["dump"]["sha256"] == sha256_of(stored[f"{record.id}/{DUMP}"])
    assert listed["server_version"].split(".")[0] == str(await major_of(filled.owner_url))
    assert "manifest.json" not in " ".join(stored)
    roles = stored[f"{record.id}/{GLOBALS}"].read_text()
    assert "CREATE ROLE menuvo_app" in roles
    assert "PASSWORD" not in roles.replace("PASSWORD NULL", "")
    assert service.leftovers() == []


def sha256_of(file: Path) -> str:
    return subprocess.check_output(["sha256sum", file], text=True).split()[0]


async def major_of(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SHOW server_version_num")) // 10_000
    finally:
        await connection.close()


async def test_without_a_bucket_the_backup_lies_here(local: Service) -> None:
    record = await back_up(local.settings)
    assert (record.outcome, record.uploaded) == ("good", False)
    assert (local.catalog.path(record) / DUMP).stat().st_mode & 0o077 == 0


async def test_a_denied_upload_keeps_the_dump_and_is_finished_later(
    service: Service, object_server: ObjectServer
) -> None:
    denied = service.with_(
        BACKUP_S3_ACCESS_KEY_ID=STRANGER, BACKUP_S3_SECRET_ACCESS_KEY=STRANGERS_SECRET
    )
    with pytest.raises(UploadFailed, match="denied"):
        await back_up(denied.settings, IMPATIENT)
    (record,) = service.catalog.list_records()
    assert record.only_here
    assert "denied" in record.cause
    assert record.id not in " ".join(object_server.files())

    finished = await upload(service.settings)
    assert (finished.id, finished.outcome, finished.cause) == (record.id, "good", "")
    names = {key for key in object_server.files() if key.startswith(record.id)}
    assert names == {f"{record.id}/{name}" for name in (DUMP, GLOBALS, RECORD)}


async def test_a_wrong_password_fails_with_one_line_that_does_not_tell_it(
    local: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    url = local.environment["DATABASE_URL"]
    wrong = local.with_(DATABASE_URL=re.sub(r":[^:@/]+@", ":hunter2@", url))
    with pytest.raises(BackupError):
        await back_up(wrong.settings)
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    (failed,) = [line for line in lines if line["event"] == "backup_failed"]
    assert failed["level"] == "error"
    assert "password authentication failed" in failed["cause"]
    assert failed["hint"]
    assert "hunter2" not in json.dumps(lines)
    (record,) = local.catalog.list_records()
    assert (record.outcome, record.cause) == ("failed", failed["cause"])
    assert local.leftovers() == []


@pytest.mark.parametrize("trouble", [errno.EIO, errno.EROFS])
async def test_whatever_the_disk_says_is_recorded_and_nothing_half_is_left(
    local: Service, monkeypatch: pytest.MonkeyPatch, trouble: int
) -> None:
    def refuses(*_: object) -> None:
        raise OSError(trouble, os.strerror(trouble))

    monkeypatch.setattr("menuvo_backup.writing._write_all", refuses)
    with pytest.raises(BackupError, match=os.strerror(trouble)):
        await back_up(local.settings)
    (record,) = local.catalog.list_records()
    assert [path.name for path in local.catalog.path(record).iterdir()] == [RECORD]
    assert local.leftovers() == []


async def test_without_room_for_one_more_no_dump_is_begun(
    local: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await back_up(local.settings)
    assert record.dump is not None
    usage = type("Usage", (), {"free": record.dump.bytes + 1_000_000})()

    def nearly_full(_: Path) -> object:
        return usage

    monkeypatch.setattr("shutil.disk_usage", nearly_full)
    with pytest.raises(NoSpace, match="are free"):
        await back_up(local.settings)
    assert [found.outcome for found in local.catalog.list_records()] == ["failed", "good"]


ON_A_SMALL_DISK = """
set -e
mount -t tmpfs -o size=26m tmpfs "$BACKUP_DIR"
DATABASE_URL=$SMALL_URL "$PYTHON" -m menuvo_backup now
if "$PYTHON" -m menuvo_backup now; then exit 9; fi
"$PYTHON" -m menuvo_backup list --json >"$REPORT"
find "$BACKUP_DIR" -name '*.dump' -o -name '*.partial' >>"$REPORT"
"""


async def test_a_disk_that_is_full_in_mid_dump_is_said_and_left_as_it_was(
    local: Service, filled: Database, postgres: PostgresServer, tmp_path: Path
) -> None:
    """On a real small disk: a tmpfs in a mount namespace of our own."""
    await fill(filled, rows=70_000)
    report = tmp_path / "report"
    environment = {
        **os.environ,
        **local.environment,
        "SMALL_URL": postgres.url(database="postgres"),
        "PYTHON": sys.executable,
        "REPORT": str(report),
    }
    argv = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", ON_A_SMALL_DISK]
    done = await finished(*argv, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    listed, *files = report.read_text().splitlines()
    failed, good = json.loads(listed)
    assert (failed["outcome"], good["outcome"]) == ("failed", "good")
    assert failed["cause"].startswith("The disk was full after")
    assert [Path(file).parent.name for file in files] == [good["id"]]


async def test_old_copies_go_when_their_days_are_over(local: Service) -> None:
    old = [Record(id=f"2026010{day}T033000Z", outcome="good") for day in range(1, 6)]
    for record in old:
        local.catalog.workplace(record).mkdir()
        local.catalog.keep(record)
    newest = await back_up(local.settings)
    kept = [record.id for record in local.catalog.list_records()]
    assert kept == [newest.id, "20260105T033000Z", "20260104T033000Z"]
    assert local.leftovers() == []


async def test_a_cancelled_run_leaves_nothing(local: Service) -> None:
    holder = await asyncpg.connect(local.environment["DATABASE_URL"])
    async with holder.transaction():
        await holder.execute("LOCK TABLE noise IN ACCESS EXCLUSIVE MODE")
        task = asyncio.create_task(back_up(local.settings))
        while not await holder.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await holder.close()
    assert local.catalog.list_records() == []
    assert local.leftovers() == []
