"""An application of one's own, with its background work running, and a client in front of it."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache

import httpx
import pytest
from argon2 import PasswordHasher

from menuvo_ops.local.redis import RedisServer
from menuvo_platform.accounts import passwords
from menuvo_platform.app import Application
from menuvo_platform.clock import Clock, utc_now
from menuvo_platform.settings import Settings, read_settings
from menuvo_platform.web.assets import Assets
from menuvo_platform.web.catalogue import Catalogues
from menuvo_platform.web.platform import Platform, create_platform
from menuvo_platform.web.rendering import Renderer
from tests.conftest import Database

BASE_URL = "http://menuvo.test"
REAL_HASHER = passwords._hasher


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Generator[None]:
    """Hundreds of tests sign in; what a password costs for real is for its own tests to say."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
    yield
    passwords._hasher = REAL_HASHER


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
    platform = replace(create_platform(settings, clock), renderer=renderer(settings.release))
    application = Application(platform)
    async with application.framework.lifespan():
        yield platform, application


@asynccontextmanager
async def browser(application: Application) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)  # pyright: ignore[reportArgumentType]
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield client


@cache
def renderer(release: str) -> Renderer:
    """One for all applications of a run, which then compile each template once."""
    return Renderer(Catalogues(), Assets(), release)
