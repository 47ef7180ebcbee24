"""A backup in the place of the live database: the same rows, or nothing has happened."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from urllib.parse import quote

import asyncpg
import msgspec
import pytest

from menuvo_backup.contents import Contents, read_contents
from menuvo_backup.errors import (
    BackupError,
    BucketFailed,
    InUse,
    NoSpace,
    NothingKept,
    RestoreFailed,
)
from menuvo_backup.postgres import connection_to
from menuvo_backup.recall import recall
from menuvo_backup.records import DUMP, Record
from menuvo_backup.restore import restore
from menuvo_backup.roles import missing_roles
from menuvo_backup.run import back_up
from menuvo_backup.undo import forget_restore, undo_restore
from menuvo_backup.verify import verify
from menuvo_ops.local.postgres import PostgresServer
from tests.conftest import Database
from tests.menuvo_backup.conftest import IMPATIENT, Service, fill
from tests.menuvo_backup.object_server import ObjectServer
from tests.menuvo_backup.test_run import fingerprints

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
async def server(postgres: PostgresServer) -> AsyncGenerator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres.url(database="postgres"))
    yield connection
    await connection.close()


@pytest.fixture
async def production(local: Service, server: asyncpg.Connection) -> AsyncGenerator[Service]:
    """With nothing kept before and after."""
    yield local
    for name in await databases(local, server):
        if name != live(local):
            await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def live(service: Service) -> str:
    return service.settings.database_url.rpartition("/")[2]


async def databases(service: Service, server: asyncpg.Connection) -> list[str]:
    found = await server.fetch(
        "SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY 1", live(service)
    )
    return [row["datname"] for row in found]


async def contents_of(service: Service) -> Contents:
    with connection_to(service.settings.database_url) as connection:
        return await read_contents(connection)


async def execute(service: Service, *statements: str) -> None:
    connection = await asyncpg.connect(service.settings.database_url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


def events(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


async def test_a_restore_gives_the_same_rows_and_keeps_what_was_there(
    production: Service, server: asyncpg.Connection, capfd: pytest.CaptureFixture[str]
) -> None:
    name = live(production)
    await execute(
        production,
        f"ALTER DATABASE \"{name}\" SET statement_timeout = '9min'",
        f'ALTER DATABASE "{name}" SET search_path = "$user", public, "odd, one"',
        f"ALTER ROLE menuvo_app IN DATABASE \"{name}\" SET work_mem = '5MB'",
        f'REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC',
        f'GRANT CONNECT ON DATABASE "{name}" TO menuvo_app WITH GRANT OPTION',
    )
    url = production.settings.database_url
    before = await fingerprints(url)
    record = await back_up(production.settings)
    assert record.contents is not None
    await execute(production, "DELETE FROM noise WHERE id > 10", "CREATE TABLE later (n int)")
    capfd.readouterr()

    await restore(production.settings, "latest")
    assert await fingerprints(url) == before
    assert before["public.noise"][0] == 2000
    told = events(capfd.readouterr().out)
    assert [line["event"] for line in told] == [
        "restore_started",
        "restore_checked",
        "restore_created",
        "restore_loaded",
        "restore_compared",
        "restore_switched",
        "restore_done",
    ]
    assert told[0]["schema_head"] == record.contents.schema_head
    assert isinstance(told[0]["free_bytes"], int)
    kept = told[-1]["kept"]
    assert await databases(production, server) == [name, kept]

    found = (await contents_of(production)).database
    was = record.contents.database
    settings = {(one.role, one.name, one.value) for one in was.settings}
    assert {(one.role, one.name, one.value) for one in found.settings} == settings
    assert (None, "search_path", '"$user", public, "odd, one"') in settings
    assert found.grants is not None
    assert was.grants is not None
    assert {msgspec.json.encode(one) for one in found.grants} == {
        msgspec.json.encode(one) for one in was.grants
    }
    assert (found.owner, found.encoding, found.provider) == ("menuvo", "UTF8", was.provider)
    assert await server.fetchval("SELECT has_database_privilege('menuvo_app', $1, 'connect')", name)

    await undo_restore(production.settings)
    assert (await fingerprints(url))["public.noise"][0] == 10
    await forget_restore(production.settings)
    assert await databases(production, server) == [name]
    await execute(production, "DROP TABLE later")
    with pytest.raises(NothingKept):
        await undo_restore(production.settings)


async def test_a_restore_can_come_from_the_bucket_alone(
    production: Service, object_server: ObjectServer, server: asyncpg.Connection
) -> None:
    from tests.menuvo_backup.conftest import variables_of

    object_server.empty()
    service = production.with_(**variables_of(object_server.settings))
    record = await back_up(service.settings)
    (service.catalog.path(record) / DUMP).unlink()
    with pytest.raises(BackupError, match="not on this disk"):
        await restore(service.settings, record.id, source="here")
    await restore(service.settings, record.id)
    assert len(await databases(service, server)) == 2
    assert not (service.folder / "scratch").exists()


async def test_what_the_bucket_has_comes_back_where_the_folder_was_lost(
    production: Service, object_server: ObjectServer, tmp_path: Path
) -> None:
    from tests.menuvo_backup.conftest import variables_of

    object_server.empty()
    service = production.with_(**variables_of(object_server.settings))
    unproved = await back_up(service.settings)
    proved = await verify(service.settings, (await back_up(service.settings)).id)
    (object_server.bucket / "menuvo" / "20260101T000000Z").mkdir()
    (object_server.bucket / "menuvo" / "20260101T000000Z" / DUMP).write_bytes(b"half of one")
    (object_server.bucket / "menuvo" / "notes").mkdir()
    (object_server.bucket / "menuvo" / "notes" / "record.json").write_bytes(b"{}")
    before = await fingerprints(service.settings.database_url)
    empty = tmp_path / "empty"
    empty.mkdir()
    other = Service(empty, {**service.environment, "BACKUP_DIR": str(empty)})
    assert await recall(other.settings) == [unproved, proved]
    assert await recall(other.settings) == []
    assert other.catalog.list_records() == [proved, unproved]
    await restore(other.settings, "latest")
    assert await fingerprints(service.settings.database_url) == before
    with pytest.raises(BackupError, match="no bucket"):
        await recall(production.settings)


async def test_a_bucket_that_does_not_let_us_look_is_told_with_why(
    production: Service, object_server: ObjectServer, capfd: pytest.CaptureFixture[str]
) -> None:
    from tests.menuvo_backup.conftest import variables_of

    elsewhere = {**variables_of(object_server.settings), "BACKUP_S3_BUCKET": "there-is-none"}
    with pytest.raises(BucketFailed):
        await recall(production.with_(**elsewhere).settings, IMPATIENT)
    [failed] = [line for line in capfd.readouterr().out.splitlines() if "recall_failed" in line]
    assert '"level":"error"' in failed
    assert '"hint"' in failed


async def test_nobody_may_be_connected_and_who_is_gets_named(
    production: Service, server: asyncpg.Connection
) -> None:
    _ = await back_up(production.settings)
    somebody = await asyncpg.connect(
        production.settings.database_url, server_settings={"application_name": "a till"}
    )
    with pytest.raises(InUse, match="a till as menuvo"):
        await restore(production.settings, "latest")
    assert await somebody.fetchval("SELECT count(*) FROM noise")
    assert await databases(production, server) == [live(production)]
    await somebody.close()


async def test_who_connects_while_the_dump_is_loaded_keeps_the_old_database(
    production: Service, server: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from menuvo_backup import restore as restoring

    _ = await back_up(production.settings)
    late: list[asyncpg.Connection] = []
    before = restoring.compare

    async def connected(*arguments: object) -> Contents:
        late.append(await asyncpg.connect(production.settings.database_url))
        return await before(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(restoring, "compare", connected)
    with pytest.raises(InUse):
        await restore(production.settings, "latest")
    assert await late[0].fetchval("SELECT count(*) FROM noise")
    await late[0].close()
    assert await databases(production, server) == [live(production)]


async def cut_in_two(service: Service, record: Record) -> None:
    """Restorable up to its middle, and with a checksum that was made to fit."""
    import hashlib

    assert record.dump is not None
    file = service.catalog.path(record) / DUMP
    os.truncate(file, record.dump.bytes // 2)
    summed = hashlib.sha256(file.read_bytes()).hexdigest()
    cut = msgspec.structs.replace(record.dump, bytes=file.stat().st_size, sha256=summed)
    service.catalog.update(msgspec.structs.replace(record, dump=cut))


async def test_a_restore_that_fails_half_way_leaves_the_old_database_serving(
    production: Service, server: asyncpg.Connection, capfd: pytest.CaptureFixture[str]
) -> None:
    await cut_in_two(production, await back_up(production.settings))
    before = await fingerprints(production.settings.database_url)
    capfd.readouterr()
    with pytest.raises(RestoreFailed):
        await restore(production.settings, "latest")
    told = events(capfd.readouterr().out)
    assert told[-1]["event"] == "restore_failed"
    assert "restore_created" in [line["event"] for line in told]
    assert await databases(production, server) == [live(production)]
    assert await fingerprints(production.settings.database_url) == before


async def test_the_latest_is_none_that_was_refuted(
    production: Service, server: asyncpg.Connection
) -> None:
    older = await back_up(production.settings)
    newer = await back_up(production.settings)
    refuted = msgspec.structs.replace(newer, outcome="failed", refuted=True)
    production.catalog.update(refuted)
    production.catalog.update(msgspec.structs.replace(older, outcome="failed"))
    await restore(production.settings, "latest")
    production.catalog.update(msgspec.structs.replace(older, outcome="failed", refuted=True))
    with pytest.raises(BackupError, match="no backup to restore"):
        await restore(production.settings, "latest")


async def test_a_full_disk_of_the_server_is_said_before_anything_is_made(
    production: Service, server: asyncpg.Connection
) -> None:
    record = await back_up(production.settings)
    assert record.contents is not None
    huge = msgspec.structs.replace(record.contents.database, bytes=10**16)
    contents = msgspec.structs.replace(record.contents, database=huge)
    production.catalog.update(msgspec.structs.replace(record, contents=contents))
    with pytest.raises(NoSpace, match="server's disk has"):
        await restore(production.settings, "latest")
    assert await databases(production, server) == [live(production)]


STOPPING = '''
import sys
from menuvo_backup import restore, session
from menuvo_backup.cli import main

do = session.Session.do

async def halting(self, script):
    """The script as it is, but for a long wait between its two renames."""
    session.Session.do = do
    first, second, rest = script.partition("ALTER DATABASE")
    old, third, new = rest.partition("ALTER DATABASE")
    assert third and "RENAME" in old and "RENAME" in new
    await do(self, first + second + old + "SELECT pg_sleep(600);" + third + new)

async def rename(it, *pairs):
    session.Session.do = halting
    await renaming(it, *pairs)

renaming = restore.rename

async def load(*_):
    print("loading", flush=True)
    import asyncio
    await asyncio.sleep(600)

if sys.argv[1] == "renames":
    restore.rename = rename
else:
    restore._load = load
sys.exit(main(["restore", "latest"]))
'''


async def kill_in(service: Service, server: asyncpg.Connection, where: str, by: int) -> int:
    environment = {**os.environ, **service.environment, "PATH": os.environ["PATH"]}
    process = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", STOPPING, where], env=environment, stdout=subprocess.PIPE
    )
    reached = {
        "renames": "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' "
        "AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid() "
        "AND wait_event = 'PgSleep'",
        "loading": f"SELECT count(*) FROM pg_database WHERE datname = '{live(service)}_restoring'",
    }[where]
    while not await server.fetchval(reached):
        assert process.poll() is None
        await asyncio.sleep(0.05)
    process.send_signal(by)
    await asyncio.to_thread(process.communicate, timeout=30)
    # What it asked for last is given up when the server looks for its client.
    await server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()"
    )
    return process.returncode


@pytest.mark.parametrize("where", ["renames", "loading"])
async def test_a_restore_that_is_killed_is_cleared_away_by_the_next_one(
    production: Service, server: asyncpg.Connection, where: str
) -> None:
    """Between the renames too the name has its database: both are one transaction."""
    _ = await back_up(production.settings)
    before = await fingerprints(production.settings.database_url)
    assert await kill_in(production, server, where, signal.SIGKILL) == -9
    name = live(production)
    assert await databases(production, server) == [name, f"{name}_restoring"]
    assert await fingerprints(production.settings.database_url) == before
    await restore(production.settings, "latest")
    assert len(await databases(production, server)) == 2
    assert f"{name}_restoring" not in await databases(production, server)
    assert await fingerprints(production.settings.database_url) == before


@pytest.mark.parametrize("where", ["renames", "loading"])
async def test_a_restore_that_is_stopped_leaves_nothing(
    production: Service, server: asyncpg.Connection, where: str
) -> None:
    _ = await back_up(production.settings)
    assert await kill_in(production, server, where, signal.SIGTERM) == 143
    assert await databases(production, server) == [live(production)]
    assert not (production.folder / "scratch").exists()


@pytest.mark.parametrize("verb", ["restore", "undo"])
async def test_a_name_without_a_database_gets_back_the_one_that_was_kept(
    production: Service, server: asyncpg.Connection, verb: str
) -> None:
    """As whoever renamed by hand may have left it."""
    _ = await back_up(production.settings)
    before = await fingerprints(production.settings.database_url)
    name = live(production)
    kept = f"{name}_before_20260101T000000Z"
    await server.execute(f'ALTER DATABASE "{name}" RENAME TO "{kept}"')
    with pytest.raises(NothingKept, match="all there is"):
        await forget_restore(production.settings)
    await (
        undo_restore(production.settings)
        if verb == "undo"
        else restore(production.settings, "latest")
    )
    assert await fingerprints(production.settings.database_url) == before
    assert kept not in await databases(production, server)


async def test_a_backup_is_restored_where_there_is_no_database_yet(
    production: Service, server: asyncpg.Connection
) -> None:
    """On an empty server nothing can be kept."""
    _ = await back_up(production.settings)
    before = await fingerprints(production.settings.database_url)
    name = live(production)
    await server.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_elsewhere"')
    await restore(production.settings, "latest")
    assert await databases(production, server) == [name, f"{name}_elsewhere"]
    assert await fingerprints(production.settings.database_url) == before


async def test_an_owner_who_may_make_databases_needs_no_more(
    production: Service, server: asyncpg.Connection, postgres: PostgresServer
) -> None:
    """No superuser: then nobody says how much room there is."""
    await server.execute("CREATE ROLE plain LOGIN CREATEDB PASSWORD 'plain'")
    name = f"{live(production)}_plain"
    await server.execute(f'CREATE DATABASE "{name}" OWNER plain')
    url = postgres.url(role="plain", database=name, password=quote("plain"))
    service = production.with_(DATABASE_URL=url)
    try:
        await fill(Database(owner_url=url, app_url=url), rows=50)
        record = await back_up(service.settings)
        before = await fingerprints(url)
        await restore(service.settings, record.id)
        assert await fingerprints(url) == before
        await undo_restore(service.settings)
        await forget_restore(service.settings)
        assert await databases(service, server) == [name]
    finally:
        await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await server.execute("DROP ROLE plain")


GLOBALS = """
CREATE ROLE menuvo;
ALTER ROLE menuvo WITH SUPERUSER INHERIT LOGIN;
CREATE ROLE menuvo_app;
ALTER ROLE menuvo_app WITH NOSUPERUSER LOGIN;
CREATE ROLE "odd ""one";
ALTER ROLE "odd ""one" WITH NOLOGIN;
GRANT "odd ""one" TO menuvo_app GRANTED BY menuvo;
"""


def test_only_roles_that_are_missing_are_made() -> None:
    names, statements = missing_roles(GLOBALS, {"menuvo"})
    assert names == ["menuvo_app", 'odd "one']
    assert "ALTER ROLE menuvo WITH" not in statements
    assert statements.splitlines()[-1] == 'GRANT "odd ""one" TO menuvo_app GRANTED BY menuvo;'
    assert missing_roles(GLOBALS, {"menuvo", "menuvo_app", 'odd "one'}) == ([], "")


async def test_a_role_that_the_server_lacks_is_made_without_a_password(
    production: Service, server: asyncpg.Connection
) -> None:
    await execute(production, "CREATE ROLE brought", "GRANT SELECT ON noise TO brought")
    _ = await back_up(production.settings)
    await execute(production, "DROP OWNED BY brought", "DROP ROLE brought")
    try:
        await restore(production.settings, "latest")
        connection = await asyncpg.connect(production.settings.database_url)
        granted = await connection.fetchval(
            "SELECT has_table_privilege('brought','noise','select')"
        )
        await connection.close()
        assert granted
    finally:
        await execute(production, "DROP OWNED BY brought", "DROP ROLE brought")


def test_the_verb_needs_to_be_told_which(local: Service, tmp_path: Path) -> None:
    environment = {**os.environ, **local.environment}
    asked = subprocess.run(
        [sys.executable, "-m", "menuvo_backup", "restore"],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert asked.returncode == 2
