"""What Prometheus reads of an instance."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from menuvo_platform.app import Application
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.jobs.metrics import STATES
from menuvo_platform.jobs.queries import insert_job
from menuvo_platform.settings import Settings
from menuvo_platform.web.platform import Platform, create_platform
from menuvo_platform.workers import QUEUES
from tests.menuvo_platform import rows
from tests.menuvo_platform.conftest import running_application
from tests.menuvo_platform.shop.restaurant import add_restaurant


async def read(platform: Platform) -> dict[tuple[str, ...], float]:
    """By the name and the values of the labels."""
    told = (await platform.figures.text()).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


async def test_answers_are_told_by_the_template_of_their_address(
    client: httpx.AsyncClient, application: Application, owner_sessions: Sessions
) -> None:
    restaurant = await add_restaurant(owner_sessions)
    before = await read(application._platform)
    await client.get(restaurant.path)
    await client.head(restaurant.path)
    await client.get(f"{restaurant.path}/imprint")
    await client.get(f"{restaurant.path}/orders/SecretTrackingToken")
    after = await read(application._platform)

    def more(*labels: str) -> float:
        name = "menuvo_http_route_requests_total"
        return after.get((name, *labels), 0) - before.get((name, *labels), 0)

    assert more("/{slug}", "2xx") == 2
    assert more("/{slug}/{language}/imprint", "2xx") + more("/{slug}/imprint", "2xx") == 1
    assert "SecretTrackingToken" not in str(after)
    assert restaurant.path not in str(after)
    assert after["menuvo_http_route_seconds_count", "/{slug}"] >= 2
    assert after["menuvo_http_route_seconds_sum", "/{slug}"] > 0


async def test_a_thousand_addresses_that_lead_nowhere_are_one_label(
    client: httpx.AsyncClient, application: Application
) -> None:
    await client.get("/wp-admin/x/y/z")
    before = await read(application._platform)
    for number in range(50):
        await client.get(f"/wp-admin/{number}/x/y/z")
    after = await read(application._platform)
    assert after.keys() == before.keys()


async def test_connections_and_the_release_are_told(settings: Settings) -> None:
    platform = create_platform(settings)
    idle = await read(platform)
    assert idle["menuvo_database_connections_most",] == 10
    assert idle["menuvo_release_info", "test-release"] == 1
    assert idle["process_resident_memory_bytes",] > 10_000_000
    async with platform.engine.connect():
        used = await read(platform)
    assert idle["menuvo_database_connections_used",] == 0
    assert used["menuvo_database_connections_used",] == 1
    await platform.close()


async def test_what_waits_in_the_ledger_is_told_by_queue(
    platform: Platform, sessions: Sessions, owner_sessions: Sessions
) -> None:
    store = await rows.add_store(owner_sessions)
    before = await read(platform)
    async with transaction(sessions, store.merchant_id) as session:
        for _ in range(3):
            await insert_job(
                session,
                merchant_id=store.merchant_id,
                queue="imports",
                kind="of_a_test",
                payload={},
                dedupe_key=str(new_id()),
            )
    async with transaction(owner_sessions) as session:
        await session.execute(
            text(
                "UPDATE jobs SET state = 'dead', finished_at = now() WHERE id ="
                " (SELECT id FROM jobs WHERE kind = 'of_a_test' LIMIT 1)"
            )
        )
        await session.execute(
            text("UPDATE jobs SET not_before = now() - interval '1 h' WHERE kind = 'of_a_test'")
        )
    after = await read(platform)
    assert {state: after["menuvo_jobs", "imports", state] for state in STATES} == {
        state: before["menuvo_jobs", "imports", state] + added
        for state, added in zip(STATES, (2, 0, 1), strict=True)
    }
    assert 3600 <= after["menuvo_jobs_waiting_seconds", "imports"] < 3700
    told = {labels[1] for labels in after if labels[0] == "menuvo_jobs"}
    assert told == set(QUEUES)
    async with transaction(owner_sessions) as session:
        await session.execute(text("DELETE FROM jobs WHERE kind = 'of_a_test'"))


async def test_without_the_database_the_other_figures_are_told(settings: Settings) -> None:
    async with without_database(settings) as platform:
        told = await asyncio.wait_for(read(platform), 5)
    assert ("menuvo_http_open_streams",) in told
    assert not [labels for labels in told if labels[0] == "menuvo_jobs"]


@asynccontextmanager
async def without_database(settings: Settings) -> AsyncGenerator[Platform]:
    nobody = type(settings.database_url)("postgresql://nobody@127.0.0.1:1/none")
    async with running_application(replace(settings, database_url=nobody)) as (platform, _):
        yield platform
