import asyncio
from collections.abc import AsyncGenerator
from typing import cast

import pytest
from sqlalchemy.pool import QueuePool

from menuvo_platform.app import Application
from menuvo_platform.web.platform import Platform
from tests.menuvo_platform.shop.restaurant import Guest


@pytest.mark.parametrize("page", ["cart", "checkout", "items/{beer}", "items/{beer}/price"])
async def test_a_form_that_arrives_slowly_keeps_no_connection_from_others(
    guest: Guest, application: Application, page: str
) -> None:
    arriving, go_on = asyncio.Event(), asyncio.Event()

    async def form() -> AsyncGenerator[bytes]:
        yield b"quantity="
        arriving.set()
        await go_on.wait()
        yield b"1"

    path = f"{guest.restaurant.path}/{page.format(beer=guest.restaurant.beer.handle)}"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    sent = asyncio.create_task(guest.client.post(path, content=form(), headers=headers))
    await arriving.wait()
    pool = cast("Platform", application.framework.state["platform"]).engine.pool
    assert isinstance(pool, QueuePool)
    try:
        async with asyncio.timeout(5):
            while pool.checkedout():
                await asyncio.sleep(0.01)
        assert not sent.done()
    finally:
        go_on.set()
    assert (await sent).status_code < 500
