from pathlib import Path

import pytest

from menuvo_backup.contents import reading
from menuvo_backup.dumping import dump
from menuvo_backup.errors import DumpFailed
from menuvo_backup.postgres import connection_to
from tests.menuvo_backup.conftest import Service


async def test_a_dump_is_for_us_alone_from_its_first_byte(local: Service, tmp_path: Path) -> None:
    file = tmp_path / "database.dump"
    with connection_to(local.environment["DATABASE_URL"]) as connection:
        async with reading(connection) as found:
            content = await dump(connection, found.snapshot, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert content.bytes == file.stat().st_size > 0
    assert file.read_bytes().startswith(b"PGDMP")


async def test_a_dump_that_fails_says_it_in_english(
    local: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is looked for in its words would else depend on who runs it."""
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    with (
        connection_to(local.environment["DATABASE_URL"]) as connection,
        pytest.raises(DumpFailed, match=r"^pg_dump failed: .*invalid snapshot"),
    ):
        await dump(connection, "no snapshot", tmp_path / "database.dump")
