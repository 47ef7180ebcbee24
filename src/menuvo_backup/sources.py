"""Where a dump is taken from to be restored: the bucket, or this disk. Either way it is summed up
first."""

import time
from dataclasses import dataclass
from pathlib import Path

from menuvo_backup.contents import Contents
from menuvo_backup.errors import DumpDamaged, NothingToCompare
from menuvo_backup.records import DUMP, GLOBALS, Content, Record
from menuvo_backup.vault import Vault
from menuvo_backup.writing import sum_up


@dataclass(frozen=True, slots=True)
class Backup:
    """A record that has everything a restore needs."""

    record: Record
    dump: Content
    globals: Content
    contents: Contents


@dataclass(frozen=True, slots=True)
class Files:
    dump: Path
    globals: Path
    seconds: float


def whole(record: Record) -> Backup:
    """Raises NothingToCompare for one that an older version of us made."""
    if record.dump is None or record.globals is None or record.contents is None:
        raise NothingToCompare(
            f"Backup {record.id} does not say what was in it, so nothing can be compared.",
            hint="Make a new one: menuvo-backup now.",
        )
    return Backup(record, record.dump, record.globals, record.contents)


async def fetch(backup: Backup, vault: Vault, to: Path) -> Files:
    """Raises DumpDamaged when the bucket has something else, or nothing, and NotOpened when the
    key to it is not here."""
    started = time.monotonic()
    await vault.check_key(backup.record)
    files = (to / DUMP, to / GLOBALS)
    for content, file in zip((backup.dump, backup.globals), files, strict=True):
        await vault.download(content, to=file)
    return Files(*files, seconds=round(time.monotonic() - started, 3))


async def compare_in_bucket(backup: Backup, vault: Vault) -> None:
    """Without a key. Raises DumpDamaged as `fetch` does."""
    for content in (backup.dump, backup.globals):
        await vault.compare(content)


async def take_from_here(backup: Backup, folder: Path) -> Files:
    """Raises DumpDamaged when the disk has something else, or nothing."""
    started = time.monotonic()
    files = (folder / DUMP, folder / GLOBALS)
    for content, file in zip((backup.dump, backup.globals), files, strict=True):
        await _check(file, content)
    return Files(*files, seconds=round(time.monotonic() - started, 3))


async def _check(file: Path, content: Content) -> None:
    try:
        found = await sum_up(file)
    except FileNotFoundError as error:
        raise DumpDamaged(f"{file.name} is not on this disk.", hint=_HINT) from error
    if (found.bytes, found.sha256) != (content.bytes, content.sha256):
        raise DumpDamaged(
            f"{file.name} on this disk has {found.bytes:,} bytes that are not the "
            f"{content.bytes:,} that were dumped.",
            hint=_HINT,
        )


_HINT = "Is the disk failing? The bucket may have it whole: --from bucket."
