"""A database that is away is no fault of the request: come back in a moment."""

import asyncio
from dataclasses import replace

import pytest

from menuvo_ops.local.ports import free_port
from menuvo_ops.local.postgres import PostgresServer
from menuvo_platform.settings import Redacted, Settings
from tests.conftest import Database, run_as_owner
from tests.menuvo_platform.conftest import browser, running_application

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", ["/some-store", "/some-store/cart", "/"])
async def test_without_a_database_a_page_says_when_to_come_back(
    settings: Settings, path: str
) -> None:
    lost = replace(settings, database_url=Redacted(f"postgresql://a:b@127.0.0.1:{free_port()}/c"))
    async with running_application(lost) as (_, application), browser(application) as client:
        answer = await client.get(path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "x-request-id" in answer.headers


async def test_a_database_that_takes_no_connection_is_away_as_well(
    settings: Settings, database: Database, postgres: PostgresServer
) -> None:
    name = database.owner_url.rpartition("/")[2]

    async def limit_connections(most: int) -> None:
        statement = f'ALTER DATABASE "{name}" CONNECTION LIMIT {most}'
        await asyncio.to_thread(run_as_owner, postgres, statement)

    await limit_connections(0)
    async with running_application(settings) as (_, application), browser(application) as client:
        answer = await client.get("/some-store/cart")
    await limit_connections(-1)
    assert answer.status_code == 503
