"""The transaction of a request, whatever becomes of the request."""

import gc

import httpx
from sqlalchemy.pool import QueuePool

from menuvo_platform.db.session import Sessions, after_commit
from menuvo_platform.settings import Settings
from menuvo_platform.web.platform import Platform
from menuvo_platform.web.unit_of_work import UnitOfWork
from tests.menuvo_platform.conftest import browser, running_application


def connections_in_use(platform: Platform) -> int:
    pool = platform.engine.sync_engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


async def test_a_store_that_is_not_there_costs_no_connection(settings: Settings) -> None:
    """The session is there before the look-up fails; twenty of them are more than the pool."""
    async with (
        running_application(settings) as (platform, application),
        browser(application) as client,
    ):
        gc.disable()
        try:
            for _ in range(20):
                answer: httpx.Response = await client.get("/no-such-store/cart")
                assert answer.status_code == 404
            # The instance itself may be asking for its schema or its menus.
            assert connections_in_use(platform) <= 2
        finally:
            gc.enable()


async def test_what_is_to_follow_a_commit_follows_it_and_not_a_failure(sessions: Sessions) -> None:
    done: list[str] = []

    async def follow() -> None:
        done.append("followed")

    failed = UnitOfWork()
    after_commit(await failed.session(sessions), follow)
    await failed.abandon()
    assert done == []
    work = UnitOfWork()
    after_commit(await work.session(sessions), follow)
    await work.commit()
    await work.abandon()
    assert done == ["followed"]
