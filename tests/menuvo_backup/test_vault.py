"""The way into the bucket and out of it, for one file."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from menuvo_backup.bucket import MEBIBYTE
from menuvo_backup.records import Content
from tests.age import new_pair
from tests.menuvo_backup.conftest import variables_of
from tests.menuvo_backup.object_server import ObjectServer

# The first run on a machine builds the server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.usefixtures("age")]

CARRYING = """
import asyncio, os, sys
from pathlib import Path
import msgspec
from menuvo_backup.records import Content
from menuvo_backup.settings import read_settings
from menuvo_backup.vault import vault_of

file, content = Path(sys.argv[1]), msgspec.json.decode(sys.argv[2], type=Content)
vault = vault_of(read_settings(os.environ))
if sys.argv[3] == "upload":
    content = asyncio.run(vault.upload(file, content, to="large/database.dump"))
elif sys.argv[3] == "compare":
    asyncio.run(vault.compare(content))
else:
    asyncio.run(vault.download(content, to=file.with_name("fetched")))
status = Path("/proc/self/status").read_text().splitlines()
taken = next(line.split()[1] for line in status if line.startswith("VmHWM"))
print(taken, msgspec.json.encode(content).decode(), flush=True)
os._exit(0)
"""


def test_a_dump_larger_than_the_memory_is_sealed_and_opened_within_it(
    object_server: ObjectServer, tmp_path: Path
) -> None:
    """128 MiB are the container's; age takes 17 of them, and the scheduler its part."""
    size, pair, digest = 300 * MEBIBYTE, new_pair(), hashlib.sha256()
    file = tmp_path / "database.dump"
    with file.open("wb") as large:
        large.truncate(size)
    for _ in range(size // MEBIBYTE):
        digest.update(bytes(MEBIBYTE))
    told = msgspec.json.encode(Content(size, digest.hexdigest())).decode()
    for way in ("upload", "compare", "download"):
        done = subprocess.run(
            [sys.executable, "-c", CARRYING, str(file), told, way],
            env={
                "PATH": os.environ["PATH"],
                "DATABASE_URL": "postgresql://nobody@nowhere/",
                "BACKUP_AGE_RECIPIENT": pair.recipient,
                "BACKUP_AGE_IDENTITY": pair.identity,
                **variables_of(object_server.settings),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        taken, told = done.stdout.split(maxsplit=1)
        assert int(taken) < 90 * 1024, way
    there = object_server.files()["large/database.dump.age"]
    assert there.stat().st_size > size
    assert file.with_name("fetched").stat().st_size == size
