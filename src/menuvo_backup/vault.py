"""The bucket, with everything in it sealed where it is to be nobody's who has the bucket alone.

What lies there is compared by the sums of what was sent, for which no key is needed.
"""

import hashlib
from collections.abc import AsyncGenerator
from pathlib import Path

from msgspec.structs import replace

from menuvo_backup.bucket import MEBIBYTE, PATIENT, Bucket, Patience
from menuvo_backup.errors import DumpDamaged, UploadFailed
from menuvo_backup.records import Content, Record, Sealed
from menuvo_backup.sealing import SUFFIX, check_identity, seal, sealed_at_most, unseal
from menuvo_backup.settings import Keys, Settings
from menuvo_backup.writing import write


class Vault:
    def __init__(self, bucket: Bucket, keys: Keys) -> None:
        self.bucket: Bucket = bucket
        self._keys: Keys = keys

    def can_open(self, record: Record) -> bool:
        return bool(self._keys.identity) or not record.recipients

    async def check_key(self, record: Record) -> None:
        """Raises KeyMissing and WrongKey."""
        if record.recipients:
            what = f"Backup {record.id}"
            await check_identity(self._keys.identity, record.recipients, what=what)

    async def upload(self, file: Path, content: Content, *, to: str) -> Content:
        """Send a file, compare what the bucket has then, and say so. Raises UploadFailed."""
        recipients = list(self._keys.recipients)
        if not recipients:
            return await self.bucket.upload(file, content, to=to)
        sent = await self.bucket.upload_stream(
            seal(_as_dumped(file, content), recipients),
            at_most=sealed_at_most(content.bytes),
            to=f"{to}{SUFFIX}",
        )
        sealed = Sealed(sent.bytes, sent.sha256, recipients)
        return replace(content, uploaded=sent.uploaded, sealed=sealed)

    async def download(self, content: Content, *, to: Path) -> None:
        """Into a new file, opened. Raises DumpDamaged when it is not what was sent, and NotOpened
        when it is and the key does not open it."""
        if content.sealed is None:
            await self.bucket.download(content, to=to)
            return
        found = await write(unseal(self._stored(content), self._keys.identity), to)
        if found != Content(content.bytes, content.sha256):
            raise DumpDamaged(
                f"{content.uploaded} was opened, and is not what was dumped.",
                hint="Make a new one: menuvo-backup now.",
            )

    async def compare(self, content: Content) -> None:
        """All of it is read back, and not opened. Raises DumpDamaged."""
        async for _ in self._stored(content):
            pass

    def _stored(self, content: Content) -> AsyncGenerator[bytes]:
        """As it lies there; raises DumpDamaged at its end when it is not what was sent."""
        there = content.sealed or content
        return self.bucket.read(Content(there.bytes, there.sha256, content.uploaded))


def vault_of(settings: Settings, patience: Patience = PATIENT) -> Vault | None:
    """None where backups stay on this disk."""
    if settings.bucket is None:
        return None
    return Vault(Bucket(settings.bucket, patience), settings.keys)


async def _as_dumped(file: Path, content: Content) -> AsyncGenerator[bytes]:
    """Raises UploadFailed at its end when it is not: then there is no end to send."""
    digest = hashlib.sha256()
    with file.open("rb", buffering=0) as source:
        while chunk := source.read(MEBIBYTE):
            digest.update(chunk)
            yield chunk
    if digest.hexdigest() != content.sha256:
        raise UploadFailed(
            f"{file.name} on this disk is not what was dumped.",
            hint="Is the disk failing? Look at its health, and run: menuvo-backup now.",
        )
