"""The outermost layer: a request gets its id, an answer its release, a log line its duration.

It also keeps out what no handler should see: form posts from other sites, and bodies beyond every
limit, which are read to their end and thrown away so that the browser shows our page instead of a
broken connection.
"""

import re
import time
from typing import ClassVar, TypeAlias, cast

import structlog
from litestar import Request
from litestar.datastructures import State
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from menuvo_platform.errors import DomainError, Forbidden, TooLarge
from menuvo_platform.ids import new_handle
from menuvo_platform.settings import S3Settings, Settings
from menuvo_platform.web.drain import Drain
from menuvo_platform.web.unit_of_work import UnitOfWork, current_work

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Machines that prove themselves by a signature or a key, not by a cookie.
FOR_MACHINES = ("/api/", "/internal/")
# Asked every second, and worth a line only when something is wrong.
QUESTIONS = frozenset({"/live", "/ready", "/health", "/internal/probe", "/internal/metrics"})
# The largest upload there is (a menu of 25 MB) and its form around it.
MOST_BODY_BYTES = 26 * 1024 * 1024
MOST_READ_BYTES = 512 * 1024 * 1024
_REFUSAL = "menuvo_refusal"
Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]
_REQUEST_ID = re.compile(rb"[A-Za-z0-9-]{8,64}")

# Where pictures of menus may come from stands in it; empty, it is this site alone.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:{pictures}; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(self)"),
    (b"cross-origin-opener-policy", b"same-origin"),
)

log = structlog.stdlib.get_logger("access")


class CrossSite(Forbidden):
    code: ClassVar[str] = "cross_site"


class Edge:
    def __init__(self, app: ASGIApp, *, headers: Headers, drain: Drain) -> None:
        self._app: ASGIApp = app
        self._drain: Drain = drain
        self._headers: Headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, method = _request_id(scope), scope["method"]
        started = time.perf_counter()
        status = 0
        if method == "HEAD":
            # The framework knows no HEAD: it is a GET whose answer ends after its headers. The
            # server goes by its own scope, so that one stays as it is.
            scope, send = cast("HTTPScope", {**scope, "method": "GET"}), _without_body(send)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    *self._headers,
                    (b"x-request-id", request_id.encode()),
                    *([(b"connection", b"close")] if self._drain.begun else []),
                ]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                if _crosses_sites(scope):
                    refuse(scope, CrossSite())
                elif _declared_bytes(scope) > MOST_BODY_BYTES:
                    await _read_to_the_end(receive)
                    refuse(scope, TooLarge())
                await self._answer(scope, receive, send_with_headers)
            finally:
                _log(scope, method, status, time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        work = UnitOfWork()
        entered = current_work.set(work)
        try:
            await self._app(scope, receive, send)
        finally:
            current_work.reset(entered)
            await work.abandon()


def headers_of_every_answer(settings: Settings) -> Headers:
    """Also of the page cache, which stands before this layer."""
    storage = settings.storage
    origin = storage.public_origin if isinstance(storage, S3Settings) else ""
    policy = CONTENT_SECURITY_POLICY.format(pictures=f" {origin}" if origin else "")
    return (
        (b"content-security-policy", policy.encode()),
        *SECURITY_HEADERS,
        (b"x-menuvo-release", settings.release.encode()),
    )


def _crosses_sites(scope: HTTPScope) -> bool:
    """True for a form or script of another site. Browsers always say where a POST comes from; who
    says nothing is no browser, and has no cookies to abuse."""
    if scope["method"] in SAFE_METHODS or scope["path"].startswith(FOR_MACHINES):
        return False
    headers = dict(scope["headers"])
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site != b"same-origin"
    origin = headers.get(b"origin")
    # An origin is a scheme and a host and nothing else; `null` has neither.
    return origin is not None and origin.partition(b"://")[2] != headers.get(b"host")


def refuse(scope: HTTPScope, error: DomainError) -> None:
    """Leaves the answer to the framework, which knows languages and pages."""
    state = cast("dict[str, dict[str, object]]", cast("object", scope)).setdefault("state", {})
    state[_REFUSAL] = error


def refusal_of(request: Request[object, object, State]) -> DomainError | None:
    return cast("DomainError | None", request.scope["state"].get(_REFUSAL))


async def raise_refusal(request: Request[object, object, State]) -> None:
    """Runs before every handler."""
    error = refusal_of(request)
    if error is not None:
        raise error


def _declared_bytes(scope: HTTPScope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def _read_to_the_end(receive: Receive) -> None:
    read = 0
    while read < MOST_READ_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return
        read += len(message["body"])
        if not message["more_body"]:
            return


def _request_id(scope: HTTPScope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return value.decode()
    return new_handle() + new_handle()


def _without_body(send: Send) -> Send:
    async def send_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return send_headers


def _log(scope: HTTPScope, method: str, status: int, seconds: float) -> None:
    # The template of the path, not the path: an order's address is all it takes to see the order.
    template = cast("str", cast("dict[str, object]", scope).get("path_template", "/-"))
    if template in QUESTIONS and status == 200:
        return
    log.info(
        "request",
        method=method,
        path=template,
        status=status,
        milliseconds=round(seconds * 1000, 1),
    )
