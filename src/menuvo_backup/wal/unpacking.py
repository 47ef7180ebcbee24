"""A compressed tar into a folder, as it comes and never held."""

import asyncio
import os
import tarfile
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path

from menuvo_backup.errors import NoSpace, WalDamaged
from menuvo_backup.wal.parcels import DAMAGED
from menuvo_backup.writing import is_full


async def unpack_tar(chunks: AsyncGenerator[bytes], to: Path) -> None:
    """Into a new folder. Raises WalDamaged and NoSpace, or what `chunks` raises."""
    await asyncio.to_thread(to.mkdir, mode=0o700)
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
    if isinstance(broken, OSError):
        raise _told(broken) from broken
    if broken is not None:
        words = str(broken) or type(broken).__name__
        raise WalDamaged(f"The base backup cannot be unpacked: {words}.", hint=DAMAGED) from broken


def _extract(reading: int, to: Path) -> Exception | None:
    """What is wrong, with it or with the disk."""
    with os.fdopen(reading, "rb") as source:
        try:
            with tarfile.open(fileobj=source, mode="r|gz") as archive:
                archive.extractall(to, filter=_as_ours)  # noqa: S202 - the filter is there
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            return error
    return None


def _told(error: OSError) -> OSError | NoSpace:
    if not is_full(error):
        return error
    return NoSpace(
        "The disk was full while the base backup was unpacked.",
        hint="A database that is recovered needs its whole size there: make room, and try again.",
    )


def _as_ours(member: tarfile.TarInfo, to: str) -> tarfile.TarInfo:
    """Nothing outside of the folder, and nobody's but of whoever runs this."""
    return tarfile.tar_filter(member, to).replace(uid=None, gid=None, uname=None, gname=None)  # type: ignore[arg-type]


def _write(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    with suppress(BrokenPipeError):
        while rest:
            rest = rest[os.write(descriptor, rest) :]
