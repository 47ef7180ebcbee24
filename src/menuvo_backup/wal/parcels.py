"""What a piece of the log is wrapped in on its way to the bucket, and unwrapped from.

All of it goes through here, so that what must happen to everything is done in one place.
"""

import asyncio
import gzip
import zlib
from collections.abc import AsyncGenerator, Iterable, Sequence
from io import BytesIO

from menuvo_backup import sealing
from menuvo_backup.errors import NotOpened, WalDamaged
from menuvo_backup.settings import Keys

_PACKED = ".gz"
SUFFIXES = (_PACKED, f"{_PACKED}{sealing.SUFFIX}")
# The container has a quarter of a core: level 1 takes a third of the time of 6, for a tenth more.
_LEVEL = 1
_GZIP = 31
DAMAGED = "Somebody or something else changed the bucket. What is before it can be recovered."


class Parcels:
    """Packed, and sealed where there is somebody to seal for."""

    def __init__(self, keys: Keys) -> None:
        self._keys: Keys = keys
        self.recipients: list[str] = list(keys.recipients)
        self.suffix: str = f"{_PACKED}{sealing.SUFFIX}" if self.recipients else _PACKED

    @property
    def can_open(self) -> bool:
        return bool(self._keys.identity) or not self.recipients

    async def wrap(self, chunks: Iterable[bytes]) -> bytes:
        """Raises SealingFailed."""
        packed = await asyncio.to_thread(pack, chunks)
        return await sealing.seal_bytes(packed, self.recipients) if self.recipients else packed

    async def unwrap(self, parcel: bytes, *, name: str) -> bytes:
        """By its name it was sealed or not. Raises WalDamaged."""
        if name.endswith(sealing.SUFFIX):
            try:
                parcel = await sealing.unseal_bytes(parcel, self._keys.identity)
            except NotOpened as error:
                raise WalDamaged(f"{name} in the bucket: {error.cause}", hint=DAMAGED) from error
        return await asyncio.to_thread(unpack, parcel, name=name)

    def seal(self, packed: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
        return sealing.seal(packed, self.recipients) if self.recipients else packed

    def open(self, stored: AsyncGenerator[bytes], *, sealed: bool) -> AsyncGenerator[bytes]:
        return sealing.unseal(stored, self._keys.identity) if sealed else stored

    async def check_key(self, recipients: Sequence[str], *, what: str) -> None:
        """Raises KeyMissing and WrongKey."""
        if recipients:
            await sealing.check_identity(self._keys.identity, recipients, what=what)


def without_suffix(name: str) -> str:
    return name.removesuffix(sealing.SUFFIX).removesuffix(_PACKED)


def pack(chunks: Iterable[bytes]) -> bytes:
    """The same for the same bytes."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    # Hands out what it has collected without another copy of it.
    packed = BytesIO()
    for chunk in chunks:
        _ = packed.write(packer.compress(chunk))
    _ = packed.write(packer.flush())
    return packed.getvalue()


def unpack(parcel: bytes, *, name: str) -> bytes:
    """Raises WalDamaged: a parcel carries the sum of its content."""
    try:
        return gzip.decompress(parcel)
    except (OSError, EOFError, zlib.error) as error:
        raise WalDamaged(f"{name} in the bucket is not what was sent.", hint=DAMAGED) from error
