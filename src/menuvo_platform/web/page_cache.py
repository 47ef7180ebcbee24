"""Menu pages, ready to send: the same bytes for everyone at one revision of a menu.

A thin layer in front of the framework. An entry is served while its store's revision is the one it
was made from (one query every half second asks for all of them; the feed only hastens it) and until
the instant at which the page changes by itself: a store opens, a dish is back. No cookie is set and
none is read. While the database is away, the last known page goes on being served.
"""

import asyncio
import hashlib
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, cast

import structlog
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send
from sqlalchemy.exc import SQLAlchemyError

from menuvo_platform.adapters.compression import encodings, preferred
from menuvo_platform.errors import Unavailable
from menuvo_platform.web.drain import Drain
from menuvo_platform.web.edge import refuse
from menuvo_platform.web.feed import Feed
from menuvo_platform.web.paths import RESERVED

LOOK_SECONDS = 0.5
MOST_PAGES = 1000
# As figures and logs call all of these pages.
ROUTE = "/{slug}"
_MENU_PATH = re.compile(r"/([a-z0-9]+(?:-[a-z0-9]+)*)(?:/([a-z]{2}))?")

Headers = list[tuple[bytes, bytes]]

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MenuPage:
    """A rendered menu; `valid_until` is when it changes without anybody changing it."""

    html: str
    store_id: uuid.UUID
    revision: int
    valid_until: datetime | None


class MenuPages(Protocol):
    async def load(self, slug: str, language: str | None) -> MenuPage | None:
        """The page, or None when there is no such store or language."""
        ...

    async def revisions(self, store_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]: ...


@dataclass(slots=True)
class _Entry:
    store_id: uuid.UUID
    revision: int
    expires: float
    etags: frozenset[bytes]
    bodies: dict[bytes, tuple[bytes, Headers]]
    outdated: bool = field(default=False)

    def fresh(self) -> bool:
        return not self.outdated and time.time() < self.expires


class PageCache:
    def __init__(
        self, app: ASGIApp, pages: MenuPages, *, feed: Feed, drain: Drain, headers: Headers
    ) -> None:
        self._app: ASGIApp = app
        self._pages: MenuPages = pages
        self._feed: Feed = feed
        self._drain: Drain = drain
        self._headers: Headers = headers
        self._entries: dict[str, _Entry] = {}
        self._loading: dict[str, asyncio.Task[_Entry | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            try:
                entry = await self._find(scope["path"])
            except (SQLAlchemyError, OSError):
                log.warning("menu_unavailable", path=scope["path"], exc_info=True)
                refuse(scope, Unavailable())
            else:
                if entry is not None:
                    cast("dict[str, object]", cast("object", scope))["path_template"] = ROUTE
                    await self._send(entry, scope, send)
                    return
        await self._app(scope, receive, send)

    async def watch(self) -> None:
        """Runs as long as the instance does: finds out which entries are outdated."""
        while True:
            await self._feed.changed(None, at_most=LOOK_SECONDS)
            try:
                await self.look()
            except (SQLAlchemyError, OSError):
                log.warning("menu_revisions_unknown", exc_info=True)

    async def look(self) -> None:
        stores = {entry.store_id for entry in self._entries.values()}
        if not stores:
            return
        revisions = await self._pages.revisions(list(stores))
        for entry in self._entries.values():
            if revisions.get(entry.store_id) != entry.revision:
                entry.outdated = True

    async def _find(self, path: str) -> _Entry | None:
        entry = self._entries.get(path)
        return entry if entry is not None and entry.fresh() else await self._load(path)

    async def _load(self, path: str) -> _Entry | None:
        match = _MENU_PATH.fullmatch(path)
        if match is None or match[1] in RESERVED:
            return None
        task = self._loading.get(path)
        if task is None:
            task = self._loading[path] = asyncio.create_task(self._reload(path, match[1], match[2]))
            task.add_done_callback(lambda _: self._loading.pop(path, None))
        # A guest who goes away must not take the page from those who wait for it as well.
        return await asyncio.shield(task)

    async def _reload(self, path: str, slug: str, language: str | None) -> _Entry | None:
        try:
            page = await self._pages.load(slug, language)
        except (SQLAlchemyError, OSError):
            known = self._entries.get(path)
            if known is None:
                raise
            log.warning("menu_served_from_memory", path=path, exc_info=True)
            return known
        self._entries.pop(path, None)
        if page is None:
            return None
        if len(self._entries) >= MOST_PAGES:
            del self._entries[next(iter(self._entries))]
        entry = self._entries[path] = await asyncio.to_thread(self._prepare, page)
        return entry

    def _prepare(self, page: MenuPage) -> _Entry:
        identity = page.html.encode()
        digest = hashlib.sha256(identity).hexdigest()[:24].encode()
        bodies: dict[bytes, tuple[bytes, Headers]] = {}
        for encoding, body in encodings(identity).items():
            bodies[encoding] = (
                body,
                [
                    *self._headers,
                    (b"content-type", b"text/html; charset=utf-8"),
                    (b"content-length", str(len(body)).encode()),
                    (b"etag", _etag(digest, encoding)),
                    (b"cache-control", b"public, no-cache"),
                    (b"vary", b"Accept-Encoding"),
                    *([(b"content-encoding", encoding)] if encoding else []),
                ],
            )
        return _Entry(
            store_id=page.store_id,
            revision=page.revision,
            expires=page.valid_until.timestamp() if page.valid_until else float("inf"),
            etags=frozenset(_etag(digest, encoding) for encoding in bodies),
            bodies=bodies,
        )

    async def _send(self, entry: _Entry, scope: HTTPScope, send: Send) -> None:
        accepted, known = b"", b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = value
            elif name == b"if-none-match":
                known = value
        body, headers = entry.bodies[preferred(accepted)]
        if self._drain.begun:
            headers = [*headers, (b"connection", b"close")]
        status = 200
        if known and any(etag in known for etag in entry.etags):
            status, body = 304, b""
            headers = [header for header in headers if header[0] != b"content-length"]
        elif scope["method"] == "HEAD":
            body = b""
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


def _etag(digest: bytes, encoding: bytes) -> bytes:
    return b'"' + digest + (b"-" + encoding if encoding else b"") + b'"'
