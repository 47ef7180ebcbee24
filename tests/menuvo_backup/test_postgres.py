import os
from pathlib import Path

import asyncpg
import pytest

from menuvo_backup.errors import DatabaseUnusable, DumpToolTooOld, ProgramMissing
from menuvo_backup.postgres import (
    Server,
    ask_server,
    check_dump_tool,
    connection_to,
    without_password,
)
from tests.menuvo_backup.conftest import Service


@pytest.mark.parametrize(
    ("url", "shown", "password"),
    [
        ("postgresql://m:s@h:5432/d", "postgresql://m@h:5432/d", "s"),
        ("postgresql://m:p%40%3As%2F@h/d?a=b", "postgresql://m@h/d?a=b", "p@:s/"),
        ("postgresql://m@h/d?password=s%20s&a=b", "postgresql://m@h/d?a=b", "s s"),
        ("postgresql://m@h/d?password=s", "postgresql://m@h/d", "s"),
        ("postgresql://m:s@a:1,b:2/d?target_session_attrs=primary",
         "postgresql://m@a:1,b:2/d?target_session_attrs=primary", "s"),
        ("postgresql:///d", "postgresql:///d", ""),
    ],
)  # fmt: skip
def test_a_password_is_taken_out_of_the_address(url: str, shown: str, password: str) -> None:
    assert without_password(url) == (shown, password)


async def test_an_odd_password_reaches_the_server(local: Service) -> None:
    odd, quoted = "a:b\\c'd e%f", "a%3Ab%5Cc%27d%20e%25f"
    owner = await asyncpg.connect(local.environment["DATABASE_URL"])
    await owner.execute("DROP ROLE IF EXISTS odd")
    await owner.execute("CREATE ROLE odd LOGIN PASSWORD '" + odd.replace("'", "''") + "'")
    try:
        url, _ = without_password(local.environment["DATABASE_URL"])
        with connection_to(url.replace("menuvo@", f"odd:{quoted}@", 1)) as connection:
            assert (await ask_server(connection)).database_bytes > 1_000_000
    finally:
        await owner.execute("DROP ROLE odd")
        await owner.close()


def test_the_password_is_in_a_file_of_ours_and_gone_afterwards() -> None:
    with connection_to("postgresql://menuvo:hunter2@postgres/menuvo") as connection:
        file = Path(connection.environment["PGPASSFILE"])
        assert file.stat().st_mode & 0o777 == 0o600
        shown = [connection.url, *connection.environment.values()]
        assert not [text for text in shown if "hunter2" in text]
    assert not file.exists()


async def test_a_wrong_password_is_the_cause_and_is_not_told(local: Service) -> None:
    url, _ = without_password(local.environment["DATABASE_URL"])
    wrong = url.replace("menuvo@", "menuvo:hunter2@", 1)
    with connection_to(wrong) as connection, pytest.raises(DatabaseUnusable) as caught:
        await ask_server(connection)
    assert "password authentication failed" in caught.value.cause
    assert "hunter2" not in str(caught.value)
    assert "database_owner_url" in caught.value.hint


async def test_a_pg_dump_older_than_the_server_is_refused(local: Service) -> None:
    with connection_to(local.environment["DATABASE_URL"]) as connection:
        server = await ask_server(connection)
        await check_dump_tool(connection, server)
        await check_dump_tool(connection, Server(server.major - 1, "", 0))
        with pytest.raises(DumpToolTooOld) as caught:
            await check_dump_tool(connection, Server(server.major + 1, "", 0))
    assert f"version {server.major}, and the server of version {server.major + 1}" in str(
        caught.value
    )


async def test_a_missing_program_is_named(local: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    with connection_to(local.environment["DATABASE_URL"]) as connection:
        monkeypatch.setitem(os.environ, "PATH", "/nowhere")
        lost = type(connection)(connection.url, {**connection.environment, "PATH": "/nowhere"})
        with pytest.raises(ProgramMissing, match="psql is not in this image"):
            await ask_server(lost)
