"""An application of one's own, with its background work running, and a client in front of it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest

from menuvo_ops.local.redis import RedisServer
from menuvo_platform.app import Application
from menuvo_platform.clock import Clock, utc_now
from menuvo_platform.settings import Settings, read_settings
from menuvo_platform.web.platform import Platform, create_platform
from tests.conftest import Database

BASE_URL = "http://menuvo.test"


@pytest.fixture(scope="module")
def settings(
    database: Database, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    return read_settings(
        {
            "DATABASE_URL": database.app_url,
            "REDIS_URL": redis_server.url(),
            "AUTH_SECRET": "a secret of the tests, long enough",
            "PUBLIC_URL": BASE_URL,
            "STORAGE_DIR": str(tmp_path_factory.mktemp("storage")),
            "MENUVO_RELEASE": "test-release",
        }
    )


@pytest.fixture(scope="module")
async def platform(settings: Settings) -> AsyncGenerator[Platform]:
    async with running_application(settings) as (platform, _):
        yield platform


@pytest.fixture(scope="module")
async def application(settings: Settings) -> AsyncGenerator[Application]:
    async with running_application(settings) as (_, application):
        yield application


@pytest.fixture
async def client(application: Application) -> AsyncGenerator[httpx.AsyncClient]:
    """A browser without cookies yet, that follows no redirect by itself."""
    async with browser(application) as client:
        yield client


@asynccontextmanager
async def running_application(
    settings: Settings, clock: Clock = utc_now
) -> AsyncGenerator[tuple[Platform, Application]]:
    platform = create_platform(settings, clock)
    application = Application(platform)
    async with application.framework.lifespan():
        yield platform, application


@asynccontextmanager
async def browser(application: Application) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)  # pyright: ignore[reportArgumentType]
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield client
