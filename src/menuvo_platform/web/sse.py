"""A page that follows a store: by a stream, and by polling where streams are held up.

The feed says that something changed; what changed is always read from PostgreSQL, by the revision
that the reader has. A stream holds no database session between two looks. Instead of every reader
at once, a draining instance sends them elsewhere over a second or two.
"""

import asyncio
import random
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeAlias, TypeVar

import msgspec
import structlog
from litestar import MediaType, Request, Response
from litestar.datastructures import State
from litestar.response import Stream
from sqlalchemy.exc import SQLAlchemyError

from menuvo_platform.errors import DomainError
from menuvo_platform.web.platform import Platform

PING_SECONDS = 15.0
RECHECK_SECONDS = 60.0
LONGEST_SECONDS = 280.0
RETRY_MILLISECONDS = (300, 2000)
MOST_DIGITS = 18  # of a bigint
PING = b"event: ping\ndata:\n\n"

log = structlog.stdlib.get_logger(__name__)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """All that happened since a revision, up to this one. Pages add their fields in a subclass."""

    revision: int


SomeChange = TypeVar("SomeChange", bound=Change)
ReadChange: TypeAlias = Callable[[int], Awaitable[Change | None]]
Recheck: TypeAlias = Callable[[], Awaitable[None]]


def last_revision(request: Request[object, object, State]) -> int:
    """What the reader has: a reconnecting browser says it in a header, the page in its address."""
    for said in (
        request.headers.get("last-event-id", ""),
        request.query_params.get("after", ""),
    ):
        if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS:
            return int(said)
    return 0


def event_stream(
    platform: Platform,
    store_id: uuid.UUID,
    read_change: ReadChange,
    last_id: int,
    *,
    recheck: Recheck | None = None,
) -> Stream:
    """`read_change` opens a transaction of its own; a domain error of it or of `recheck` (a login
    that was revoked) ends the stream, and the browser is told the reason when it asks again."""
    return Stream(
        stream_events(platform, store_id, read_change, last_id, recheck=recheck),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def polled(change: SomeChange | None) -> Response[SomeChange | None]:
    """The answer to a reader who asks every few seconds; 204 when there is nothing newer."""
    return Response(
        change,
        status_code=204 if change is None else 200,
        media_type=MediaType.JSON,
        headers={"Cache-Control": "no-store"},
    )


async def stream_events(
    platform: Platform,
    store_id: uuid.UUID,
    read_change: ReadChange,
    last_id: int,
    *,
    recheck: Recheck | None = None,
) -> AsyncGenerator[bytes]:
    now = asyncio.get_running_loop().time
    ends, checks, pings = now() + LONGEST_SECONDS, now() + RECHECK_SECONDS, now() + PING_SECONDS
    yield PING
    with platform.feed.heard(store_id) as heard:
        draining = asyncio.create_task(platform.drain.wait())
        draining.add_done_callback(lambda _: heard.set())
        try:
            while now() < ends and not platform.drain.begun:
                if recheck and now() >= checks:
                    await recheck()
                    checks = now() + RECHECK_SECONDS
                change = await read_change(last_id)
                if change is not None and change.revision > last_id:
                    last_id = change.revision
                    yield _event(change)
                if now() >= pings:
                    yield PING
                    pings = now() + PING_SECONDS
                due = min(pings, ends, checks if recheck else pings)
                await platform.feed.wait(heard, at_most=max(0.01, due - now()))
        except DomainError as error:
            log.info("stream_refused", code=error.code)
        except (SQLAlchemyError, OSError) as error:
            log.warning("stream_interrupted", reason=type(error).__name__)
        finally:
            draining.cancel()
    yield b"retry: %d\n\n" % random.randint(*RETRY_MILLISECONDS)


def _event(change: Change) -> bytes:
    # JSON in one line: a line break would end the field.
    return b"event: change\nid: %d\ndata: %b\n\n" % (change.revision, msgspec.json.encode(change))
