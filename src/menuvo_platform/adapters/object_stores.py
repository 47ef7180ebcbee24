"""Storage on S3: pictures in a bucket that everyone may read, all else in one that nobody may.

What an object store says of an error names keys, addresses and hosts. None of it leaves this file:
a person reads a sentence, and a log what kind of trouble it was.
"""

import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal, TypeAlias, TypeVar

import structlog
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from menuvo_platform.adapters.storage import Storage, checked, local_storage
from menuvo_platform.errors import Unavailable
from menuvo_platform.settings import S3Settings, Settings

Trouble: TypeAlias = Literal[
    "unreachable", "wrong_key", "denied", "no_bucket", "wrong_region", "wrong_clock", "other"
]

PUBLIC = "m/"
# A picture's key names its content, so what was seen once is never asked for again.
PUBLIC_ATTRIBUTES: Mapping[str, str] = {
    "Content-Type": "image/webp",
    "Cache-Control": "public, max-age=31536000, immutable",
}

_CODE = re.compile(r"<Code>(\w{1,64})</Code>")
_TROUBLES: Mapping[str, Trouble] = {
    "NoSuchBucket": "no_bucket",
    "InvalidBucketName": "no_bucket",
    "InvalidAccessKeyId": "wrong_key",
    "SignatureDoesNotMatch": "wrong_key",
    "Unauthorized": "wrong_key",
    "XAdminUserNotFound": "wrong_key",
    "AccessDenied": "denied",
    "AuthorizationHeaderMalformed": "wrong_region",
    "InvalidRegionName": "wrong_region",
    "PermanentRedirect": "wrong_region",
    "RequestTimeTooSkewed": "wrong_clock",
}

T = TypeVar("T")
log = structlog.stdlib.get_logger(__name__)


class StorageUnavailable(Unavailable):
    code: ClassVar[str] = "storage.unavailable"

    def __init__(self, trouble: Trouble, said: str) -> None:
        """`said` is the store's own code for it, such as SlowDown, or empty."""
        self.trouble: Trouble = trouble
        self.said: str = said
        super().__init__()

    def __str__(self) -> str:
        return f"{self.code} {self.trouble} {self.said}".rstrip()


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to connect, of silence, and for one try with all its bytes; further tries begin
    within `retry_seconds` of the first."""

    connect_seconds: float
    silence_seconds: float
    try_seconds: float
    retries: int
    retry_seconds: float


# A guest waits for a picture, and a stopping instance 15 seconds for a request.
READING = Patience(2, 4, 12, retries=2, retry_seconds=4)
# Somebody has uploaded 25 MB, or a worker has made pictures: giving up costs more than waiting. But
# a request holds a connection of the database meanwhile, which ends it after a minute. The store
# is silent until it has everything.
WRITING = Patience(3, 30, 30, retries=3, retry_seconds=10)


class S3Storage(Storage):
    def __init__(self, s3: S3Settings) -> None:
        self._public: _Bucket = _Bucket(s3, s3.bucket, PUBLIC_ATTRIBUTES)
        self._files: _Bucket = _Bucket(s3, s3.files_bucket, {})

    async def put(self, key: str, content: bytes) -> None:
        await self._bucket_of(key).put(key, content)

    async def get(self, key: str) -> bytes:
        content = await self._bucket_of(key).find(key)
        if content is None:
            raise FileNotFoundError("no such object")
        return content

    async def find(self, key: str) -> bytes | None:
        return await self._bucket_of(key).find(key)

    async def exists(self, key: str) -> bool:
        return await self._bucket_of(key).exists(key)

    async def delete(self, key: str) -> None:
        await self._bucket_of(key).delete(key)

    def _bucket_of(self, key: str) -> "_Bucket":
        return self._public if checked(key).startswith(PUBLIC) else self._files


class _Bucket:
    def __init__(self, s3: S3Settings, name: str, attributes: Mapping[str, str]) -> None:
        self._reading: S3Store = _connect(s3, name, READING)
        self._writing: S3Store = _connect(s3, name, WRITING)
        self._attributes: dict[str, str] = dict(attributes)

    async def put(self, key: str, content: bytes) -> None:
        # In one piece: parts of an upload that was cut off would stay, unseen and paid for.
        stored = self._writing.put_async(
            key, content, attributes=self._attributes, use_multipart=False
        )
        if await _answer(stored) is None:
            # Nothing is there to be missing but the bucket.
            raise _told(StorageUnavailable("no_bucket", ""))

    async def find(self, key: str) -> bytes | None:
        return await _answer(self._read(key))

    async def exists(self, key: str) -> bool:
        return await _answer(self._reading.head_async(key)) is not None

    async def delete(self, key: str) -> None:
        _ = await _answer(self._writing.delete_async(key))

    async def _read(self, key: str) -> bytes:
        found = await self._reading.get_async(key)
        return bytes(await found.bytes_async())


def open_storage(settings: Settings) -> Storage:
    """Asks nobody yet; `menuvo-platform check` does."""
    if isinstance(settings.storage, S3Settings):
        return S3Storage(settings.storage)
    return local_storage(settings.storage)


def _connect(s3: S3Settings, bucket: str, patience: Patience) -> S3Store:
    seconds = timedelta(seconds=1)
    return S3Store(
        bucket,
        endpoint=s3.endpoint,
        # Both would also be read from AWS_ variables, which mean some other account.
        aws_endpoint_url_s3=s3.endpoint,
        skip_signature=False,
        region=s3.region,
        access_key_id=str(s3.access_key_id),
        secret_access_key=str(s3.secret_access_key),
        # The bucket in the path, which every store understands, not in the name of the host.
        virtual_hosted_style_request=False,
        disable_bulk_delete=True,
        client_options={
            "allow_http": s3.endpoint.startswith("http://"),
            "connect_timeout": patience.connect_seconds * seconds,
            "read_timeout": patience.silence_seconds * seconds,
            "timeout": patience.try_seconds * seconds,
        },
        retry_config={
            "max_retries": patience.retries,
            "retry_timeout": patience.retry_seconds * seconds,
            "backoff": {"init_backoff": 0.1 * seconds, "max_backoff": 2 * seconds, "base": 2},
        },
    )


async def _answer(asked: Awaitable[T]) -> T | None:
    """None when the object is not there. Raises StorageUnavailable, which knows nothing of what
    caused it: its traceback is logged."""
    try:
        return await asked
    except FileNotFoundError as error:
        said = _code_in(error)
        if said in {"", "NoSuchKey"}:
            return None
        unavailable = StorageUnavailable(_TROUBLES.get(said, "other"), said)
    except BaseError as error:
        said = _code_in(error)
        unavailable = StorageUnavailable(_trouble_of(error, said), said)
    raise _told(unavailable)


def _told(unavailable: StorageUnavailable) -> StorageUnavailable:
    log.warning("storage_unavailable", trouble=unavailable.trouble, said=unavailable.said)
    return unavailable


def _code_in(error: Exception) -> str:
    match = _CODE.search(str(error))
    return match[1] if match else ""


def _trouble_of(error: BaseError, said: str) -> Trouble:
    if said:
        return _TROUBLES.get(said, "other")
    if isinstance(error, UnauthenticatedError):
        return "wrong_key"
    return "denied" if isinstance(error, PermissionDeniedError) else "unreachable"
