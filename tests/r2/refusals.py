"""What is refused of a request before anybody looks at what it wants."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape

_UNIMPLEMENTED = (
    *("x-amz-acl", "x-amz-grant-", "x-amz-tagging", "x-amz-object-lock-", "x-amz-bypass-"),
    *("x-amz-storage-class", "x-amz-website-", "x-amz-request-payer", "x-amz-expected-"),
    *("x-amz-server-side-encryption-aws-kms", "x-amz-server-side-encryption-bucket-key"),
    *("x-amz-checksum-", "x-amz-sdk-checksum-algorithm", "x-amz-trailer", "x-amz-decoded-"),
)


class Refusal(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status: int = status
        self.code: str = code
        self.message: str = message

    def as_xml(self) -> bytes:
        told = f"<Code>{self.code}</Code><Message>{escape(self.message)}</Message>"
        return f'<?xml version="1.0" encoding="UTF-8"?><Error>{told}</Error>'.encode()


def check_headers(method: str, headers: Mapping[str, str]) -> None:
    """Raises Refusal; also for what says how long the body is, which is not read yet then."""
    if "transfer-encoding" in headers or "aws-chunked" in headers.get("content-encoding", ""):
        raise Refusal(501, "NotImplemented", "Streaming uploads are not implemented")
    if headers.get("x-amz-content-sha256", "").startswith("STREAMING-"):
        raise Refusal(501, "NotImplemented", f"{headers['x-amz-content-sha256']} not implemented")
    for name in headers:
        if name.startswith(_UNIMPLEMENTED):
            raise Refusal(501, "NotImplemented", f"Header '{name}' not implemented")
    if "expect" in headers:
        raise Refusal(417, "ExpectationFailed", "There is no answer 100 here")
    if method in {"PUT", "POST"} and "content-length" not in headers:
        raise Refusal(411, "MissingContentLength", "You must provide the Content-Length header.")


def check_body(headers: Mapping[str, str], body: bytes) -> None:
    given = headers.get("content-md5")
    digest = hashlib.md5(body, usedforsecurity=False).digest()
    if given is not None and given != base64.b64encode(digest).decode():
        raise Refusal(400, "BadDigest", "The Content-MD5 did not match.")
