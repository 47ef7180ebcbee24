"""A whole run within the container's memory, however large the database is."""

import asyncio
import os
import string
import subprocess
import sys

import asyncpg
import pytest

from menuvo_backup.records import DUMP
from tests.conftest import Database
from tests.menuvo_backup.conftest import Service
from tests.menuvo_backup.object_server import ObjectServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

MEBIBYTE = 1024 * 1024
# Of the container's 128; the rest is for PostgreSQL's program and the scheduler.
LIMIT = 96 * MEBIBYTE
# Any byte as a letter or a digit, so that random bytes become text that hardly gets smaller.
LETTERS = (string.ascii_letters + string.digits).encode() * 5
NOW = """
import os
from pathlib import Path
from menuvo_backup.cli import main

code = main(["now"])
status = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in status if line.startswith("VmHWM")), flush=True)
os._exit(code)
"""


async def test_a_database_larger_than_the_memory_is_dumped_and_sent_within_it(
    service: Service, filled: Database, object_server: ObjectServer
) -> None:
    await add_random_text(filled, LIMIT * 3 // 2)
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", NOW],
        env=service.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    [record] = service.catalog.list_records()
    assert object_server.files()[f"{record.id}/{DUMP}"].stat().st_size > LIMIT
    assert int(done.stdout.splitlines()[-1]) * 1024 < LIMIT


async def add_random_text(database: Database, size: int) -> None:
    connection = await asyncpg.connect(database.owner_url)
    try:
        await connection.execute("CREATE TABLE noises (words text)")
        await connection.execute("ALTER TABLE noises ALTER words SET STORAGE EXTERNAL")
        for _ in range(size // MEBIBYTE):
            words = os.urandom(MEBIBYTE).translate(LETTERS[:256]).decode()
            await connection.execute("INSERT INTO noises VALUES ($1)", words)
    finally:
        await connection.close()
