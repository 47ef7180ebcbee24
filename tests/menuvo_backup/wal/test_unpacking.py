"""A base backup that cannot be put on the disk says so, and holds nobody up."""

import asyncio
import gzip
import io
import os
import subprocess
import sys
import tarfile
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from menuvo_backup.wal.unpacking import unpack_tar


def packed(size: int) -> bytes:
    """A file of random bytes, as pg_basebackup sends its own."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        member = tarfile.TarInfo("base")
        member.size = size
        archive.addfile(member, io.BytesIO(os.urandom(size)))
    return gzip.compress(tar.getvalue(), 1)


async def in_pieces(content: bytes) -> AsyncGenerator[bytes]:
    for at in range(0, len(content), 65_536):
        yield content[at : at + 65_536]


async def test_a_folder_that_cannot_be_made_is_told_before_anything_is_fetched(
    tmp_path: Path,
) -> None:
    async with asyncio.timeout(10):
        with pytest.raises(FileNotFoundError):
            await unpack_tar(in_pieces(packed(1_000_000)), tmp_path / "missing" / "cluster")


ON_A_SMALL_DISK = """
set -e
mount -t tmpfs -o size=1m tmpfs "$PLACE"
"$PYTHON" -c "
import asyncio
from pathlib import Path
from menuvo_backup.errors import NoSpace
from menuvo_backup.wal.unpacking import unpack_tar
from tests.menuvo_backup.wal.test_unpacking import in_pieces, packed
try:
    asyncio.run(unpack_tar(in_pieces(packed(4_000_000)), Path('$PLACE', 'cluster')))
except NoSpace as error:
    print(error)
"
"""


def test_a_disk_that_fills_up_meanwhile_is_told_as_a_full_disk(tmp_path: Path) -> None:
    """On a real small one: a tmpfs in a mount namespace of our own."""
    environment = {**os.environ, "PLACE": str(tmp_path), "PYTHON": sys.executable}
    argv = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", ON_A_SMALL_DISK]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    assert "The disk was full" in done.stdout, done.stderr
