"""The strict storage refuses what R2 refuses: else a client that passes would prove nothing."""

import hashlib
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from obstore.exceptions import BaseError
from obstore.store import S3Store

from tests.r2.objects import MEBIBYTE
from tests.r2.server import KEY, R2, SECRET, running_r2
from tests.r2.signatures import Signed

if TYPE_CHECKING:  # it exists in the library's types only
    from obstore.store import S3Config

CONTENT = b"some content"


@pytest.fixture
def r2() -> Generator[R2]:
    with running_r2("backups") as server:
        yield server


@dataclass(frozen=True)
class Sending:
    """A request that is right, to spoil one thing of."""

    method: str = "PUT"
    path: str = "/backups/menuvo/object"
    query: str = ""
    body: bytes = CONTENT
    headers: dict[str, str] = field(default_factory=dict[str, str])
    # Signed as these, and sent as the others.
    signed_body: bytes | None = None
    region: str = "auto"
    key: str = KEY
    secret: str = SECRET
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    host: str = ""
    unsigned: str = ""
    without_length: bool = False

    def with_headers(self, **headers: str) -> "Sending":
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers=named)


def send(r2: R2, sending: Sending) -> tuple[int, str, dict[str, str]]:
    body = sending.body if sending.signed_body is None else sending.signed_body
    headers = {
        "host": sending.host or f"127.0.0.1:{r2.port}",
        "x-amz-date": sending.at.strftime("%Y%m%dT%H%M%SZ"),
        "x-amz-content-sha256": hashlib.sha256(body).hexdigest(),
        **sending.headers,
    }
    names = tuple(sorted(name for name in headers if name != sending.unsigned))
    path, query = sending.path, sending.query
    signed = Signed(sending.method, path, query, headers, names, sending.region)
    scope = f"{sending.key}/{sending.at:%Y%m%d}/{sending.region}/s3/aws4_request"
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={';'.join(names)}, "
        f"Signature={signed.signature(sending.secret)}"
    )
    connection = HTTPConnection("127.0.0.1", r2.port)
    connection.putrequest(
        sending.method,
        f"{path}?{query}" if query else path,
        skip_host=True,
        skip_accept_encoding=True,
    )
    for name, value in {**headers, "authorization": authorization}.items():
        connection.putheader(name, value)
    if not sending.without_length:
        connection.putheader("content-length", str(len(sending.body)))
    connection.endheaders(None if sending.without_length else sending.body)
    answer = connection.getresponse()
    told = answer.read().decode()
    connection.close()
    return answer.status, told, {name.lower(): value for name, value in answer.getheaders()}


def test_a_right_request_is_taken_and_its_etag_is_the_sum_in_quotes(r2: R2) -> None:
    status, _, headers = send(r2, Sending())
    assert status == 200
    assert headers["etag"] == f'"{hashlib.md5(CONTENT).hexdigest()}"'
    assert r2.buckets["backups"].objects["menuvo/object"].content == CONTENT
    assert send(r2, Sending(region="us-east-1"))[0] == 200


RIGHT = Sending()
REFUSED: dict[str, tuple[Sending, str]] = {
    "another region": (replace(RIGHT, region="eu-central-1"), "InvalidRegionName"),
    "a key that nobody has": (replace(RIGHT, key="somebody-else"), "Unauthorized"),
    "another secret": (replace(RIGHT, secret="not-the-secret"), "SignatureDoesNotMatch"),
    "an old signature": (
        replace(RIGHT, at=datetime.now(UTC) - timedelta(minutes=20)),
        "RequestTimeTooSkewed",
    ),
    "another body than was signed": (
        replace(RIGHT, signed_body=b"other"),
        "XAmzContentSHA256Mismatch",
    ),
    "a header that was not signed": (replace(RIGHT, unsigned="x-amz-date"), "AccessDenied"),
    "the bucket in the name of the host": (
        replace(RIGHT, path="/menuvo/object", host="backups.127.0.0.1"),
        "NoSuchBucket",
    ),
    "no length": (replace(RIGHT, without_length=True), "MissingContentLength"),
    "chunks": (RIGHT.with_headers(transfer_encoding="chunked"), "NotImplemented"),
    "chunks of AWS": (RIGHT.with_headers(content_encoding="aws-chunked"), "NotImplemented"),
    "waiting for an answer 100": (RIGHT.with_headers(expect="100-continue"), "ExpectationFailed"),
    "another sum of the content": (
        RIGHT.with_headers(content_md5="1B2M2Y8AsgTpgAmY7PhCfg=="),
        "BadDigest",
    ),
    **{
        sum_: (RIGHT.with_headers(x_amz_content_sha256=sum_), "NotImplemented")
        for sum_ in (
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        )
    },
    **{
        name: (replace(RIGHT, headers={name: value}), "NotImplemented")
        for name, value in {
            "x-amz-trailer": "x-amz-checksum-crc32",
            "x-amz-checksum-crc32": "AAAAAA==",
            "x-amz-checksum-sha256": "AAAA",
            "x-amz-checksum-algorithm": "SHA256",
            "x-amz-sdk-checksum-algorithm": "CRC32",
            "x-amz-acl": "private",
            "x-amz-grant-read": "id=somebody",
            "x-amz-tagging": "a=b",
            "x-amz-object-lock-mode": "COMPLIANCE",
            "x-amz-storage-class": "GLACIER",
            "x-amz-request-payer": "requester",
            "x-amz-expected-bucket-owner": "1234",
            "x-amz-server-side-encryption-aws-kms-key-id": "key",
        }.items()
    },
    "an operation that it lacks": (replace(RIGHT, query="tagging="), "NotImplemented"),
    "a bucket that is not there": (replace(RIGHT, path="/other/object"), "NoSuchBucket"),
}


@pytest.mark.parametrize(("sending", "code"), REFUSED.values(), ids=REFUSED)
def test_it_refuses(r2: R2, sending: Sending, code: str) -> None:
    status, told, _ = send(r2, sending)
    assert status >= 400
    assert f"<Code>{code}</Code>" in told
    assert r2.refused == [code]
    assert r2.buckets["backups"].objects == {}


def upload(r2: R2, sizes: list[int]) -> tuple[int, str]:
    """In parts of these sizes."""
    bucket = r2.buckets["backups"]
    _, told, _ = send(r2, Sending("POST", query="uploads=", body=b""))
    upload_id = told.partition("<UploadId>")[2].partition("<")[0]
    listed = ""
    for number, size in enumerate(sizes, 1):
        query = f"partNumber={number}&uploadId={upload_id}"
        _, _, headers = send(r2, Sending(query=query, body=bytes([number]) * size))
        listed += f"<Part><PartNumber>{number}</PartNumber><ETag>{headers['etag']}</ETag></Part>"
    body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
    status, told, _ = send(r2, Sending("POST", query=f"uploadId={upload_id}", body=body))
    assert ("menuvo/object" in bucket.objects) is (status == 200)
    return status, told


@pytest.mark.parametrize(
    ("sizes", "code"),
    [
        ([5 * MEBIBYTE, 6 * MEBIBYTE, 1], "InvalidPart"),
        ([6 * MEBIBYTE, 5 * MEBIBYTE, 1], "InvalidPart"),
        ([5 * MEBIBYTE, 5 * MEBIBYTE, 5 * MEBIBYTE + 1], "InvalidPart"),
        ([5 * MEBIBYTE - 1, 1], "EntityTooSmall"),
        ([], "InvalidPartOrder"),
    ],
)
def test_parts_that_are_not_all_of_one_size_or_too_small_are_refused(
    r2: R2, sizes: list[int], code: str
) -> None:
    status, told = upload(r2, sizes)
    assert status == 400
    assert f"<Code>{code}</Code>" in told


@pytest.mark.parametrize("sizes", [[5 * MEBIBYTE, 5 * MEBIBYTE, 7], [3], [5 * MEBIBYTE] * 2])
def test_parts_of_one_size_become_an_object_whose_etag_is_the_sum_of_their_sums(
    r2: R2, sizes: list[int]
) -> None:
    status, told = upload(r2, sizes)
    assert status == 200
    sums = b"".join(
        hashlib.md5(bytes([number]) * size).digest() for number, size in enumerate(sizes, 1)
    )
    assert f"{hashlib.md5(sums).hexdigest()}-{len(sizes)}" in told


def store(r2: R2, *, sums: bool = False, in_the_host: bool = False) -> S3Store:
    """Of the library that ours is of."""
    more: S3Config = {"checksum_algorithm": "sha256"} if sums else {}
    return S3Store(
        "backups",
        config=more,
        endpoint=r2.endpoint,
        region="auto",
        access_key_id=KEY,
        secret_access_key=SECRET,
        virtual_hosted_style_request=in_the_host,
        client_options={"allow_http": True},
    )


def test_a_client_that_is_set_up_otherwise_than_ours_is_refused(r2: R2) -> None:
    store(r2).put("menuvo/right", CONTENT, use_multipart=False)
    with pytest.raises(BaseError, match="x-amz-checksum-sha256"):
        store(r2, sums=True).put("menuvo/x", CONTENT, use_multipart=False)
    with pytest.raises(FileNotFoundError, match="NoSuchBucket"):
        store(r2, in_the_host=True).put("menuvo/x", CONTENT, use_multipart=False)
    with pytest.raises(BaseError, match="EntityTooSmall"):
        store(r2).put("menuvo/x", bytes(4 * MEBIBYTE), use_multipart=True, chunk_size=MEBIBYTE)
    assert list(r2.buckets["backups"].objects) == ["menuvo/right"]
