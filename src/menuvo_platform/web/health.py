"""Three questions: is the process there, does everything it needs answer, should it get requests.

`/ready` does not ask Redis or the database: when either goes away it does so for both instances,
and the proxy would take both out and hide even the menus that are in memory.
"""

import asyncio
from collections.abc import Awaitable

import structlog
from litestar import Response, get
from litestar.di import NamedDependency
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from menuvo_platform.adapters.pubsub import Unheard, ping
from menuvo_platform.web.platform import Platform

PATIENCE_SECONDS = 2.0
NOT_STORED = {"Cache-Control": "no-store"}

log = structlog.stdlib.get_logger(__name__)


@get("/live")
async def live(platform: NamedDependency[Platform]) -> Response[dict[str, str]]:
    return Response({"status": "ok", "timestamp": platform.clock().isoformat()}, headers=NOT_STORED)


@get("/health")
async def health(platform: NamedDependency[Platform]) -> Response[dict[str, str]]:
    db, redis = await asyncio.gather(
        _ask("db", _ask_database(platform.engine)), _ask("redis", ping(platform.redis))
    )
    status = "ok" if db == redis == "ok" else "error"
    return Response(
        {"status": status, "db": db, "redis": redis},
        status_code=200 if status == "ok" else 503,
        headers=NOT_STORED,
    )


@get("/ready")
async def ready(platform: NamedDependency[Platform]) -> Response[dict[str, str]]:
    status = "draining" if platform.drain.begun else "ok" if platform.schema.fits else "starting"
    return Response(
        {"status": status}, status_code=200 if status == "ok" else 503, headers=NOT_STORED
    )


async def _ask(name: str, question: Awaitable[object]) -> str:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await question
    except (SQLAlchemyError, *Unheard, TimeoutError) as error:
        log.warning("part_unhealthy", part=name, reason=type(error).__name__)
        return "error"
    return "ok"


async def _ask_database(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
