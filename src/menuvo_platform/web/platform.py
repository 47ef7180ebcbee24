"""What one instance holds as long as it runs; handlers are given the parts they name."""

from dataclasses import dataclass
from typing import cast

from litestar.datastructures import State
from litestar.di import NamedDependency
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from menuvo_platform.adapters.object_stores import open_storage
from menuvo_platform.adapters.pubsub import connect
from menuvo_platform.adapters.storage import Storage
from menuvo_platform.clock import Clock, utc_now
from menuvo_platform.db.engine import create_engine
from menuvo_platform.db.session import Sessions, create_sessions
from menuvo_platform.jobs.doorbell import Doorbell
from menuvo_platform.settings import Settings
from menuvo_platform.web.allowance import Allowance
from menuvo_platform.web.assets import Assets
from menuvo_platform.web.catalogue import Catalogues
from menuvo_platform.web.drain import Drain
from menuvo_platform.web.feed import Feed
from menuvo_platform.web.figures import Figures
from menuvo_platform.web.metrics import Metrics
from menuvo_platform.web.rendering import Renderer
from menuvo_platform.web.schema_watch import SchemaWatch
from menuvo_platform.web.unit_of_work import current_work

# In a minute. A script that is broken breaks on every phone at once.
MOST_BROWSER_ERRORS = 20


@dataclass(frozen=True)
class Platform:
    settings: Settings
    clock: Clock
    engine: AsyncEngine
    sessions: Sessions
    redis: Redis
    storage: Storage
    bell: Doorbell
    feed: Feed
    drain: Drain
    schema: SchemaWatch
    assets: Assets
    renderer: Renderer
    metrics: Metrics
    figures: Figures
    browser_errors: Allowance

    async def close(self) -> None:
        await self.redis.aclose()
        await self.engine.dispose()


def create_platform(settings: Settings, clock: Clock = utc_now) -> Platform:
    """Connects to nothing yet."""
    engine = create_engine(settings.database_url)
    redis = connect(settings.redis_url)
    sessions = create_sessions(engine)
    assets = Assets()
    metrics = Metrics()
    return Platform(
        settings=settings,
        clock=clock,
        engine=engine,
        sessions=sessions,
        redis=redis,
        storage=open_storage(settings),
        bell=Doorbell(redis),
        feed=Feed(redis),
        drain=Drain(),
        schema=SchemaWatch(engine),
        assets=assets,
        renderer=Renderer(Catalogues(), assets, settings.release),
        metrics=metrics,
        figures=Figures(metrics, engine, sessions, settings.release),
        browser_errors=Allowance(MOST_BROWSER_ERRORS),
    )


def provide_platform(state: State) -> Platform:
    return cast("Platform", state["platform"])


def provide_assets(platform: NamedDependency[Platform]) -> Assets:
    return platform.assets


def provide_renderer(platform: NamedDependency[Platform]) -> Renderer:
    return platform.renderer


async def provide_session(platform: NamedDependency[Platform]) -> AsyncSession:
    return await current_work.get().session(platform.sessions)
