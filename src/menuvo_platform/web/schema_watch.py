"""The last known revision of the schema, asked for at start until there is an answer."""

import asyncio

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from menuvo_platform.db.schema import OLDEST, runs_on

RETRY_SECONDS = 1.0

log = structlog.stdlib.get_logger(__name__)


class SchemaWatch:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine: AsyncEngine = engine
        self._fits: bool = False

    @property
    def fits(self) -> bool:
        return self._fits

    async def watch(self) -> None:
        """Ends once the schema is one that this release runs on."""
        while not self._fits:
            try:
                revision = await self._read()
                self._fits = runs_on(revision)
                if not self._fits:
                    log.error("schema_too_old", found=revision, needed=OLDEST, fix="migrate")
            except (SQLAlchemyError, OSError) as error:
                log.warning("schema_unknown", reason=type(error).__name__)
            if not self._fits:
                await asyncio.sleep(RETRY_SECONDS)

    async def _read(self) -> str | None:
        async with self._engine.connect() as connection:
            found = await connection.execute(text("SELECT version_num FROM alembic_version"))
            return found.scalar_one_or_none()
