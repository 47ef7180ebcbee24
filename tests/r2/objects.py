"""Buckets in memory, and uploads in parts as R2 takes them."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.r2.refusals import Refusal

MEBIBYTE = 1024 * 1024
SMALLEST_PART = 5 * MEBIBYTE
MOST_PARTS = 10_000


@dataclass(frozen=True)
class Stored:
    content: bytes
    etag: str
    headers: Mapping[str, str]
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class Upload:
    key: str
    headers: Mapping[str, str]
    parts: dict[int, bytes] = field(default_factory=dict[int, bytes])


@dataclass
class Bucket:
    objects: dict[str, Stored] = field(default_factory=dict[str, Stored])
    uploads: dict[str, Upload] = field(default_factory=dict[str, Upload])

    def put(self, key: str, content: bytes, headers: Mapping[str, str]) -> Stored:
        self.objects[key] = stored = Stored(content, f'"{_md5(content).hexdigest()}"', headers)
        return stored

    def find(self, key: str) -> Stored:
        if key not in self.objects:
            raise Refusal(404, "NoSuchKey", "The specified key does not exist.")
        return self.objects[key]

    def begin(self, key: str, headers: Mapping[str, str]) -> str:
        self.uploads[upload_id := secrets.token_urlsafe(90)] = Upload(key, headers)
        return upload_id

    def add_part(self, key: str, upload_id: str, number: int, content: bytes) -> str:
        if not 1 <= number <= MOST_PARTS:
            raise Refusal(400, "InvalidPartNumber", "Part number must be between 1 and 10000.")
        self._upload(key, upload_id).parts[number] = content
        return f'"{_md5(content).hexdigest()}"'

    def complete(self, key: str, upload_id: str, listed: Sequence[tuple[int, str]]) -> Stored:
        upload = self._upload(key, upload_id)
        parts = list(_listed(upload, listed))
        _check_sizes([len(part) for part in parts])
        sums = b"".join(_md5(part).digest() for part in parts)
        etag = f'"{_md5(sums).hexdigest()}-{len(parts)}"'
        del self.uploads[upload_id]
        self.objects[key] = stored = Stored(b"".join(parts), etag, upload.headers)
        return stored

    def abort(self, key: str, upload_id: str) -> None:
        _ = self._upload(key, upload_id)
        del self.uploads[upload_id]

    def _upload(self, key: str, upload_id: str) -> Upload:
        upload = self.uploads.get(upload_id)
        if upload is None or upload.key != key:
            raise Refusal(404, "NoSuchUpload", "The specified multipart upload does not exist.")
        return upload


def _listed(upload: Upload, listed: Sequence[tuple[int, str]]) -> Iterator[bytes]:
    if not listed or [number for number, _ in listed] != sorted({number for number, _ in listed}):
        raise Refusal(400, "InvalidPartOrder", "The list of parts was not in ascending order.")
    for number, etag in listed:
        part = upload.parts.get(number, b"")
        if number not in upload.parts or etag.strip('"') != _md5(part).hexdigest():
            raise Refusal(400, "InvalidPart", f"Part {number} could not be found.")
        yield part


def _check_sizes(sizes: Sequence[int]) -> None:
    *before, last = sizes
    if any(size < SMALLEST_PART for size in before):
        raise Refusal(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum.")
    if len(set(before)) > 1 or (before and last > before[0]):
        told = "All non-trailing parts must have the same length."
        raise Refusal(400, "InvalidPart", told)


def _md5(content: bytes) -> "hashlib._Hash":
    return hashlib.md5(content, usedforsecurity=False)
