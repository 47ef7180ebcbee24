"""`menuvo-platform check`: whether this process could do its work."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from menuvo_platform.adapters.pubsub import Unheard, connect, ping
from menuvo_platform.db.engine import create_engine
from menuvo_platform.db.schema import HEAD, runs_on
from menuvo_platform.settings import Settings
from menuvo_platform.storage_check import check_storage


async def check(settings: Settings) -> list[str]:
    """One sentence for everything that is wrong; empty when nothing is."""
    return [
        *await _check_database(settings),
        *await _check_redis(settings),
        *await check_storage(settings),
    ]


async def _check_database(settings: Settings) -> list[str]:
    engine = create_engine(settings.database_url)
    try:
        async with engine.connect() as connection:
            found = await connection.execute(text("SELECT version_num FROM alembic_version"))
            revision = found.scalar_one_or_none()
    except (SQLAlchemyError, OSError) as error:
        reason = str(error).splitlines()[0]
        return [f"DATABASE_URL: PostgreSQL does not answer as it should ({reason})."]
    finally:
        await engine.dispose()
    if not runs_on(revision):
        return [f"The schema is at {revision}, this release needs {HEAD}: run migrate."]
    return []


async def _check_redis(settings: Settings) -> list[str]:
    redis = connect(settings.redis_url)
    try:
        await ping(redis)
    except Unheard as error:
        return [f"REDIS_URL: Redis does not answer ({error})."]
    finally:
        await redis.aclose()
    return []
