"""The server: what each request wants, once nothing about it is refused."""

import re
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from tests.r2 import signatures
from tests.r2.objects import Bucket, Stored
from tests.r2.refusals import Refusal, check_body, check_headers

KEY, SECRET = "a3f1b5c7d9e0f2a4b6c8d0e1f3a5b7c9", "a-secret-of-the-tests"
_KEPT = ("content-type", "cache-control", "content-disposition", "content-encoding")
_PART = re.compile(r"<Part>(.*?)</Part>", re.DOTALL)
_NUMBER = re.compile(r"<PartNumber>(\d+)</PartNumber>")
_ETAG = re.compile(r"<ETag>(?:&quot;|\")?([0-9a-f]+)")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@dataclass(frozen=True)
class Request:
    method: str
    key: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class R2:
    """`refused` are all of its refusals, by their codes."""

    port: int
    buckets: dict[str, Bucket]
    refused: list[str] = field(default_factory=list[str])

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running_r2(*names: str) -> Generator[R2]:
    r2 = R2(0, {name: Bucket() for name in names})

    class Handler(_Handler):
        storage = r2

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        r2.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield r2
        server.shutdown()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    storage: R2
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        try:
            answer = self._answer()
        except Refusal as refusal:
            self.storage.refused.append(refusal.code)
            self.close_connection = True
            answer = Answer(refusal.status, refusal.as_xml(), {"Connection": "close"})
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any  # noqa: N815 - as it is called

    def handle_expect_100(self) -> bool:
        """There is none: the refusal is told with the others."""
        return True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """What is refused is in `refused`."""

    def _answer(self) -> Answer:
        headers = {name.lower(): value for name, value in self.headers.items()}
        check_headers(self.command, headers)
        body = self.rfile.read(int(headers.get("content-length", 0)))
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        signatures.check(self.command, path, query, headers, body, {KEY: SECRET})
        check_body(headers, body)
        name, _, key = unquote(path).removeprefix("/").partition("/")
        bucket = self.storage.buckets.get(name)
        if bucket is None:
            raise Refusal(404, "NoSuchBucket", "The specified bucket does not exist.")
        asked = {name: values[0] for name, values in parse_qs(query, True).items()}
        request = Request(self.command, key, asked, headers, body)
        return _for_object(bucket, request) if key else _for_bucket(bucket, request)


def _for_object(bucket: Bucket, request: Request) -> Answer:
    match request.method, sorted(request.query):
        case "PUT", [] if "x-amz-copy-source" not in request.headers:
            stored = bucket.put(request.key, request.body, _kept(request))
            return Answer(200, headers={"ETag": stored.etag})
        case "POST", ["uploads"]:
            upload_id = bucket.begin(request.key, _kept(request))
            return Answer(200, _xml("InitiateMultipartUploadResult", UploadId=upload_id))
        case "PUT", ["partNumber", "uploadId"]:
            number, upload_id = int(request.query["partNumber"]), request.query["uploadId"]
            etag = bucket.add_part(request.key, upload_id, number, request.body)
            return Answer(200, headers={"ETag": etag})
        case "POST", ["uploadId"]:
            listed = _parts(request.body.decode())
            stored = bucket.complete(request.key, request.query["uploadId"], listed)
            return Answer(200, _xml("CompleteMultipartUploadResult", ETag=stored.etag))
        case "DELETE", ["uploadId"]:
            bucket.abort(request.key, request.query["uploadId"])
            return Answer(204)
        case "DELETE", []:
            _ = bucket.objects.pop(request.key, None)
            return Answer(204)
        case (("GET" | "HEAD"), []):
            return _content(bucket.find(request.key), request)
        case _:
            raise _unknown(request)


def _for_bucket(bucket: Bucket, request: Request) -> Answer:
    if request.method != "GET" or request.query.get("list-type") != "2":
        raise _unknown(request)
    prefix, delimiter = request.query.get("prefix", ""), request.query.get("delimiter", "")
    after = request.query.get("start-after", "")
    found, folders = "", set[str]()
    for key, stored in sorted(bucket.objects.items()):
        rest = key.removeprefix(prefix)
        if not key.startswith(prefix) or key <= after:
            continue
        if delimiter and delimiter in rest:
            folders.add(prefix + rest.partition(delimiter)[0] + delimiter)
        else:
            found += _tag("Contents", _described(key, stored))
    found += "".join(_tag("CommonPrefixes", _tag("Prefix", escape(one))) for one in sorted(folders))
    head = _tag("IsTruncated", "false") + _tag("KeyCount", "0")
    return Answer(200, _tag("ListBucketResult", head + found).encode())


def _content(stored: Stored, request: Request) -> Answer:
    headers = {
        **stored.headers,
        "ETag": stored.etag,
        "Last-Modified": format_datetime(stored.at, usegmt=True),
        "Accept-Ranges": "bytes",
    }
    size = len(stored.content)
    if request.method == "HEAD":
        return Answer(200, headers={**headers, "Content-Length": str(size)})
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None:
        return Answer(200, stored.content, headers)
    first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
    span = {"Content-Range": f"bytes {first}-{last}/{size}"}
    return Answer(206, stored.content[first : last + 1], headers | span)


def _parts(written: str) -> list[tuple[int, str]]:
    found = [(_NUMBER.search(part), _ETAG.search(part)) for part in _PART.findall(written)]
    return [(int(number[1]), etag[1]) for number, etag in found if number and etag]


def _kept(request: Request) -> Mapping[str, str]:
    return {
        name.title(): value
        for name, value in request.headers.items()
        if name in _KEPT or name.startswith("x-amz-meta-")
    }


def _described(key: str, stored: Stored) -> str:
    return "".join(
        [
            _tag("Key", escape(key)),
            _tag("Size", str(len(stored.content))),
            _tag("LastModified", stored.at.strftime("%Y-%m-%dT%H:%M:%S.000Z")),
            _tag("ETag", escape(stored.etag)),
        ]
    )


def _xml(root: str, **fields: str) -> bytes:
    inner = "".join(_tag(name, escape(value)) for name, value in fields.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>{_tag(root, inner)}'.encode()


def _tag(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"


def _unknown(request: Request) -> Refusal:
    told = f"{request.method} with {', '.join(request.query) or 'nothing'} not implemented"
    return Refusal(501, "NotImplemented", told)
