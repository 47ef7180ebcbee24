from collections.abc import AsyncGenerator

import httpx
import pytest

from menuvo_platform.app import Application
from menuvo_platform.db.session import Sessions
from tests.menuvo_platform.conftest import browser
from tests.menuvo_platform.shop.restaurant import Guest, Restaurant, add_restaurant


@pytest.fixture
async def restaurant(owner_sessions: Sessions) -> Restaurant:
    return await add_restaurant(owner_sessions)


@pytest.fixture
def guest(client: httpx.AsyncClient, restaurant: Restaurant) -> Guest:
    return Guest(client, restaurant)


@pytest.fixture
async def other(application: Application, restaurant: Restaurant) -> AsyncGenerator[Guest]:
    """Another guest of the same restaurant."""
    async with browser(application) as client:
        yield Guest(client, restaurant)
