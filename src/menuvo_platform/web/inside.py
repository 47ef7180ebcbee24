"""What the operator's tools ask an instance, and nobody else: its figures, and whether it works.

The proxy lets through the probe alone, with its token. The token is all the proof it needs: no
browser sends it, so a probe is no form of another site, and it counts towards no limit.
"""

import asyncio
from hmac import compare_digest
from http import HTTPStatus

import msgspec
import structlog
from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from sqlalchemy.exc import SQLAlchemyError

from menuvo_platform.errors import NotFound
from menuvo_platform.jobs.service import Backlog, read_backlog
from menuvo_platform.orders.rehearsal import rehearse
from menuvo_platform.web.health import NOT_STORED
from menuvo_platform.web.metrics import MEDIA_TYPE
from menuvo_platform.web.platform import Platform

TOKEN_HEADER = "x-menuvo-probe"  # noqa: S105
# A guest would have given up.
PATIENCE_SECONDS = 5.0

log = structlog.stdlib.get_logger(__name__)


class Probed(msgspec.Struct, frozen=True, omit_defaults=True):
    release: str
    instance: str
    wrote: bool
    reason: str = ""


@get("/internal/probe")
async def probe_reading(
    request: Request[object, object, State], platform: NamedDependency[Platform]
) -> Response[Probed]:
    _demand_token(request, platform)
    return await _probe(platform, write=False)


@post("/internal/probe")
async def probe_writing(
    request: Request[object, object, State], platform: NamedDependency[Platform]
) -> Response[Probed]:
    _demand_token(request, platform)
    return await _probe(platform, write=True)


@get("/internal/metrics")
async def metrics(platform: NamedDependency[Platform]) -> Response[bytes]:
    figures = await platform.figures.text()
    return Response(figures, media_type=MEDIA_TYPE, headers=NOT_STORED)


@get("/internal/queues")
async def queues(platform: NamedDependency[Platform]) -> Response[Backlog]:
    """For the monitor, which asks one instance: both see the same ledger."""
    backlog = await read_backlog(platform.sessions)
    return Response(backlog, media_type=MediaType.JSON, headers=NOT_STORED)


def _demand_token(request: Request[object, object, State], platform: Platform) -> None:
    """Raises NotFound, as for an address that is none. An instance without a token has no probe."""
    token = platform.settings.probe_token
    said = request.headers.get(TOKEN_HEADER, "")
    if not token or not compare_digest(said.encode(), token.encode()):
        raise NotFound


async def _probe(platform: Platform, *, write: bool) -> Response[Probed]:
    settings, reason = platform.settings, ""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await rehearse(platform.sessions, write=write, now=platform.clock())
    except (SQLAlchemyError, OSError) as error:
        reason = f"PostgreSQL does not answer as it should: {type(error).__name__}"
        log.warning("probe_failed", write=write, reason=type(error).__name__)
    return Response(
        Probed(settings.release, settings.instance, write and not reason, reason),
        status_code=HTTPStatus.SERVICE_UNAVAILABLE if reason else HTTPStatus.OK,
        media_type=MediaType.JSON,
        headers=NOT_STORED,
    )
