"""The bucket: what goes there, and how we know that it is there.

A dump is sent by parts of one size (R2 takes no others) and never held: two parts are in memory.
"""

import hashlib
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from menuvo_backup.errors import BackupError, BucketFailed, DumpDamaged, UploadFailed
from menuvo_backup.records import Content
from menuvo_backup.settings import BucketSettings
from menuvo_backup.writing import write

if TYPE_CHECKING:  # it exists in the library's types only
    from obstore import GetResult

MEBIBYTE = 1024 * 1024
_SMALLEST_PART = 8 * MEBIBYTE
_MOST_PARTS = 10_000
_PARTS_IN_FLIGHT = 2
_CODE = re.compile(r"<Code>(\w{1,64})</Code>")
_MISSING = (
    "The bucket or its folder is not there",
    "Make the bucket, or correct BACKUP_S3_BUCKET and BACKUP_S3_ENDPOINT.",
)
_WRONG_KEY = ("The bucket does not know the key", "Correct BACKUP_S3_ACCESS_KEY_ID and its secret.")
_DENIED = (
    "The bucket denied it",
    "The key needs to write and read below BACKUP_S3_PREFIX; it needs no right to delete.",
)
_UNREACHABLE = (
    "The bucket was not reached",
    "Is BACKUP_S3_ENDPOINT right, and the network there? The backup lies here meanwhile.",
)
# A store that may not be listed says of what is not there that it is denied.
_GONE = {"NoSuchKey"}
_DAMAGED = "Somebody or something else changed the bucket. Make a new one: menuvo-backup now."
_Failed = TypeVar("_Failed", bound=BucketFailed)
_TROUBLES = {
    "NoSuchBucket": _MISSING,
    "InvalidAccessKeyId": _WRONG_KEY,
    "SignatureDoesNotMatch": _WRONG_KEY,
    "Unauthorized": _WRONG_KEY,
    "XAdminUserNotFound": _WRONG_KEY,
    "AccessDenied": _DENIED,
}


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to connect, for one part with all its tries, and for one try."""

    connect_seconds: float
    try_seconds: float
    retries: int
    retry_seconds: float


PATIENT = Patience(connect_seconds=10, try_seconds=300, retries=8, retry_seconds=600)


class Bucket:
    def __init__(self, settings: BucketSettings, patience: Patience = PATIENT) -> None:
        self._prefix: str = settings.prefix
        self._store: S3Store = connect(settings, patience)

    async def upload(self, file: Path, content: Content, *, to: str) -> Content:
        """Send a file and compare what the bucket has then. Raises UploadFailed."""
        key = f"{self._prefix}/{to}"
        part = part_bytes(content.bytes)
        sent = _Sent(_parts_of(file, part))
        try:
            await self._send(key, sent, part)
            if sent.sha256 != content.sha256:
                raise UploadFailed(
                    f"{file.name} on this disk is not what was dumped.",
                    hint="Is the disk failing? Look at its health, and run: menuvo-backup now.",
                )
            await self._compare(key, content, sent)
        except (BaseError, FileNotFoundError) as error:
            raise _told(error, UploadFailed) from error
        return Content(bytes=content.bytes, sha256=content.sha256, uploaded=key)

    async def upload_stream(
        self, chunks: AsyncGenerator[bytes], *, at_most: int, to: str
    ) -> Content:
        """Send what is in no file, one part in memory and one on its way, and compare. What fails
        in `chunks` comes out as it is, and leaves nothing there."""
        key = f"{self._prefix}/{to}"
        part = part_bytes(at_most)
        sent = _Sent(_cut(chunks, part))
        try:
            await self._send(key, sent, part, in_flight=1)
            content = Content(bytes=sent.bytes, sha256=sent.sha256, uploaded=key)
            await self._compare(key, content, sent)
        except (BaseError, FileNotFoundError) as error:
            raise sent.failure or _told(error, UploadFailed) from error
        return content

    async def put(self, content: bytes, *, to: str) -> None:
        try:
            _ = await self._store.put_async(f"{self._prefix}/{to}", content, use_multipart=False)
        except (BaseError, FileNotFoundError) as error:
            raise _told(error, UploadFailed) from error

    async def read(self, content: Content) -> AsyncGenerator[bytes]:
        """As it comes; raises DumpDamaged at its end when it is not what was sent."""
        key = content.uploaded or ""
        digest, size = hashlib.sha256(), 0
        try:
            async for chunk in _chunks(await self._store.get_async(key)):
                digest.update(chunk)
                size += len(chunk)
                yield chunk
        except (BaseError, FileNotFoundError) as error:
            if code_of(error) in _GONE:
                raise DumpDamaged(f"{key} is not in the bucket any more.", hint=_DAMAGED) from error
            raise _told(error, BucketFailed) from error
        if (size, digest.hexdigest()) != (content.bytes, content.sha256):
            raise DumpDamaged(
                f"The bucket holds {size:,} bytes of {key} that are not the {content.bytes:,} "
                "that were sent.",
                hint=_DAMAGED,
            )

    async def download(self, content: Content, *, to: Path) -> None:
        """Into a new file, never held. Raises DumpDamaged when it is not what was sent."""
        key = content.uploaded or ""
        try:
            answer = await self._store.get_async(key)
            size = answer.meta["size"]
            if size == content.bytes:
                found = await write(_chunks(answer), to)
                size = found.bytes
                if found.sha256 == content.sha256:
                    return
        except (BaseError, FileNotFoundError) as error:
            if code_of(error) in _GONE:
                raise DumpDamaged(f"{key} is not in the bucket any more.", hint=_DAMAGED) from error
            raise _told(error, BucketFailed) from error
        raise DumpDamaged(
            f"The bucket holds {size:,} bytes of {key} that are not the {content.bytes:,} that "
            "were sent.",
            hint=_DAMAGED,
        )

    async def find(self, name: str) -> bytes | None:
        """Something small; None when it is not there."""
        try:
            answer = await self._store.get_async(f"{self._prefix}/{name}")
            return bytes(await answer.bytes_async())
        except (BaseError, FileNotFoundError) as error:
            if code_of(error) in _GONE:
                return None
            raise _told(error, BucketFailed) from error

    async def list_folders(self, below: str = "") -> list[str]:
        start = f"{self._prefix}/{below}/" if below else f"{self._prefix}/"
        try:
            # Its other answer is of a library that is not here, and so has no type.
            found = await self._store.list_with_delimiter_async(  # pyright: ignore[reportUnknownMemberType]
                start
            )
        except (BaseError, FileNotFoundError) as error:
            raise _told(error, BucketFailed) from error
        return [folder.rstrip("/").rpartition("/")[2] for folder in found["common_prefixes"]]

    async def list_names(self, below: str, *, after: str = "") -> list[str]:
        """Names in a folder and all below it, in order; `after` itself is not among them."""
        start = f"{self._prefix}/{below}/"
        # As below: of a library that is not here.
        pages = self._store.list(  # pyright: ignore[reportUnknownMemberType]
            start, offset=f"{start}{after}" if after else None
        )
        names: list[str] = []
        try:
            async for page in pages:
                names += [found["path"].removeprefix(start) for found in page]
        except (BaseError, FileNotFoundError) as error:
            raise _told(error, BucketFailed) from error
        return sorted(names)

    async def _send(
        self, key: str, sent: "_Sent", part: int, *, in_flight: int = _PARTS_IN_FLIGHT
    ) -> None:
        _ = await self._store.put_async(
            key,
            sent.parts(),
            use_multipart=True,
            chunk_size=part,
            max_concurrency=in_flight,
        )

    async def _compare(self, key: str, content: Content, sent: "_Sent") -> None:
        """By the bucket's own sum over the parts; where that is none of the parts' (a store that
        encrypts has another), by reading it all back."""
        found = await self._store.head_async(key)
        same = found["size"] == content.bytes and (
            (found["e_tag"] or "").strip('"') == sent.etag
            or await self._read_back(key) == content.sha256
        )
        if not same:
            raise UploadFailed(
                f"The bucket holds {found['size']} bytes of {key} that are not the {content.bytes} "
                "that were sent.",
                hint="Run it again: menuvo-backup upload.",
            )

    async def _read_back(self, key: str) -> str:
        digest = hashlib.sha256()
        answer = await self._store.get_async(key)
        async for chunk in answer.stream(min_chunk_size=MEBIBYTE):
            digest.update(chunk)
        return digest.hexdigest()


class _Sum(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


class _Sent:
    """Parts on their way, and what they add up to."""

    def __init__(self, parts: AsyncGenerator[bytes]) -> None:
        self._parts: AsyncGenerator[bytes] = parts
        self._whole: _Sum = hashlib.sha256()
        self._sums: list[bytes] = []
        self.bytes: int = 0
        self.failure: BackupError | None = None

    async def parts(self) -> AsyncGenerator[bytes]:
        try:
            async with aclosing(self._parts):
                async for part in self._parts:
                    self._whole.update(part)
                    self._sums.append(hashlib.md5(part, usedforsecurity=False).digest())
                    self.bytes += len(part)
                    yield part
        except BackupError as error:
            # The bucket's library tells it as a failure of its own.
            self.failure = error
            raise

    @property
    def sha256(self) -> str:
        return self._whole.hexdigest()

    @property
    def etag(self) -> str:
        """As S3, R2 and others make it of a multipart upload."""
        total = hashlib.md5(b"".join(self._sums), usedforsecurity=False)
        return f"{total.hexdigest()}-{len(self._sums)}"


async def _parts_of(file: Path, size: int) -> AsyncGenerator[bytes]:
    with file.open("rb", buffering=0) as source:
        while part := source.read(size):
            yield part


async def _cut(chunks: AsyncGenerator[bytes], size: int) -> AsyncGenerator[bytes]:
    """The same bytes in parts of one size; the last may be smaller."""
    waiting: list[bytes] = []
    missing = size
    async with aclosing(chunks):
        async for chunk in chunks:
            rest = chunk
            while len(rest) >= missing:
                waiting.append(rest[:missing])
                rest = rest[missing:]
                yield _taken(waiting)
                missing = size
            waiting.append(rest)
            missing -= len(rest)
    if missing < size:
        yield _taken(waiting)


def _taken(pieces: list[bytes]) -> bytes:
    """Joined, and not held any longer."""
    whole = b"".join(pieces)
    pieces.clear()
    return whole


def part_bytes(size: int) -> int:
    """One size for all parts of a file: whole mebibytes, and no more parts than S3 takes."""
    needed = -(-size // _MOST_PARTS)
    return max(_SMALLEST_PART, -(-needed // MEBIBYTE) * MEBIBYTE)


def connect(settings: BucketSettings, patience: Patience) -> S3Store:
    second = timedelta(seconds=1)
    return S3Store(
        settings.bucket,
        endpoint=settings.endpoint.rstrip("/"),
        # Both would also be read from AWS_ variables, which mean some other account.
        aws_endpoint_url_s3=settings.endpoint.rstrip("/"),
        skip_signature=False,
        region=settings.region,
        access_key_id=str(settings.access_key_id),
        secret_access_key=str(settings.secret_access_key),
        # The bucket in the path, which every store understands, not in the name of the host.
        virtual_hosted_style_request=False,
        client_options={
            "allow_http": settings.endpoint.startswith("http://"),
            "connect_timeout": patience.connect_seconds * second,
            "timeout": patience.try_seconds * second,
        },
        retry_config={
            "max_retries": patience.retries,
            "retry_timeout": patience.retry_seconds * second,
            "backoff": {"init_backoff": 0.5 * second, "max_backoff": 30 * second, "base": 2},
        },
    )


async def _chunks(answer: "GetResult") -> AsyncGenerator[bytes]:
    async for chunk in answer.stream(min_chunk_size=MEBIBYTE):
        yield bytes(chunk)


def _told(error: Exception, kind: type[_Failed]) -> _Failed:
    """The store's own words hold keys and hosts, so only their code is passed on."""
    code = code_of(error)
    cause, hint = _TROUBLES.get(code) or _by_class(error)
    return kind(f"{cause}{f' ({code})' if code else ''}.", hint=hint)


def code_of(error: Exception) -> str:
    match = _CODE.search(str(error))
    return match[1] if match else ""


def _by_class(error: Exception) -> tuple[str, str]:
    if isinstance(error, FileNotFoundError):
        return _MISSING
    if isinstance(error, UnauthenticatedError):
        return _WRONG_KEY
    return _DENIED if isinstance(error, PermissionDeniedError) else _UNREACHABLE
