from collections.abc import AsyncGenerator

import httpx
import pytest

from menuvo_platform.app import Application
from menuvo_platform.db.session import Sessions
from tests.menuvo_platform.accounts.people import UserRow, add_user
from tests.menuvo_platform.conftest import browser
from tests.menuvo_platform.rows import StoreRow, add_store


@pytest.fixture
async def store(owner_sessions: Sessions) -> StoreRow:
    return await add_store(owner_sessions)


@pytest.fixture
async def owner(owner_sessions: Sessions, store: StoreRow) -> UserRow:
    return await add_user(owner_sessions, store.merchant_id)


@pytest.fixture
async def cook(owner_sessions: Sessions, store: StoreRow) -> UserRow:
    return await add_user(owner_sessions, store.merchant_id, role="kitchen", store_id=store.id)


@pytest.fixture
async def stranger(owner_sessions: Sessions) -> UserRow:
    """The owner of another merchant."""
    return await add_user(owner_sessions, (await add_store(owner_sessions)).merchant_id)


@pytest.fixture
async def other_client(application: Application) -> AsyncGenerator[httpx.AsyncClient]:
    """A second browser."""
    async with browser(application) as client:
        yield client
