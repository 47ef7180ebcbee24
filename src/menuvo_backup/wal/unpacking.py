"""A compressed tar into a folder, as it comes and never held."""

import asyncio
import os
import tarfile
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path

from menuvo_backup.errors import WalDamaged
from menuvo_backup.wal.parcels import DAMAGED


async def unpack_tar(chunks: AsyncGenerator[bytes], to: Path) -> None:
    """Into a new folder. Raises WalDamaged, or what `chunks` raises."""
    reading, writing = os.pipe()
    extracting = asyncio.create_task(asyncio.to_thread(_extract, reading, to))
    try:
        async with aclosing(chunks):
            # To its end even when nobody takes it any more: who sums it up tells more.
            async for chunk in chunks:
                await asyncio.to_thread(_write, writing, chunk)
    finally:
        os.close(writing)
        broken = await extracting
    if broken:
        raise WalDamaged(f"The base backup cannot be unpacked: {broken}.", hint=DAMAGED)


def _extract(reading: int, to: Path) -> str:
    """What is wrong with it; nothing when all is well."""
    to.mkdir(mode=0o700)
    with os.fdopen(reading, "rb") as source:
        try:
            with tarfile.open(fileobj=source, mode="r|gz") as archive:
                archive.extractall(to, filter=_as_ours)  # noqa: S202 - the filter is there
        except (tarfile.TarError, EOFError, zlib.error) as error:
            return str(error) or type(error).__name__
    return ""


def _as_ours(member: tarfile.TarInfo, to: str) -> tarfile.TarInfo:
    """Nothing outside of the folder, and nobody's but of whoever runs this."""
    return tarfile.tar_filter(member, to).replace(uid=None, gid=None, uname=None, gname=None)  # type: ignore[arg-type]


def _write(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    with suppress(BrokenPipeError):
        while rest:
            rest = rest[os.write(descriptor, rest) :]
