"""Every page of a store: its people only, each with the rights of their role."""

import asyncio
from collections.abc import AsyncGenerator
from typing import cast

import httpx
import pytest
from litestar.routes import HTTPRoute
from sqlalchemy.pool import QueuePool

from menuvo_platform.app import Application
from menuvo_platform.db.session import Sessions
from menuvo_platform.web.csrf import HEADER
from menuvo_platform.web.platform import Platform
from tests.menuvo_platform.accounts.people import UserRow, add_user
from tests.menuvo_platform.console.signing_in import PAGE, go_to_work
from tests.menuvo_platform.rows import StoreRow, add_store

pytestmark = pytest.mark.slow

ANY = "01999999-9999-7999-8999-999999999999"  # the id of nothing
FOR_MANAGERS = [
    ("GET", "/menu"),
    ("GET", f"/menu/{ANY}"),
    ("GET", f"/menu/{ANY}/picture"),
    ("POST", f"/menu/{ANY}/price"),
    ("POST", f"/menu/{ANY}/sold-out"),
    ("POST", f"/menu/{ANY}/picture"),
    ("GET", "/tables"),
    ("GET", "/tables/print"),
    ("GET", f"/tables/{ANY}"),
    ("GET", f"/tables/{ANY}/code.svg"),
    ("POST", f"/tables/{ANY}/revoke"),
    ("POST", f"/tables/{ANY}/reissue"),
    ("GET", "/imports"),
    ("GET", "/imports/list"),
    ("GET", f"/imports/{ANY}"),
    ("POST", "/imports"),
]
FOR_ALL = [
    ("GET", ""),
    ("GET", "/board"),
    ("GET", "/board/changes"),
    ("GET", "/board/events"),
    ("POST", f"/board/orders/{ANY}/forward"),
    ("POST", f"/board/orders/{ANY}/back"),
    ("GET", "/board/sold-out"),
    ("POST", f"/board/sold-out/{ANY}"),
]
EVERY = [*FOR_ALL, *FOR_MANAGERS]
CHANGES = [path for method, path in EVERY if method == "POST"]


@pytest.mark.parametrize(("method", "path"), EVERY)
async def test_who_is_not_signed_in_is_asked_to(
    client: httpx.AsyncClient, store: StoreRow, method: str, path: str
) -> None:
    address = f"/console/stores/{store.id}{path}"
    answer = await client.request(method, address, headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/login")
    told = await client.request(method, address, headers={"accept": "application/json"})
    assert told.status_code == 401


@pytest.mark.parametrize(("method", "path"), EVERY)
async def test_the_store_of_another_merchant_is_not_there(
    client: httpx.AsyncClient, store: StoreRow, stranger: UserRow, method: str, path: str
) -> None:
    work = await go_to_work(client, stranger, store)
    answer = await (work.get(path) if method == "GET" else work.post(path))
    assert answer.status_code == 404


@pytest.mark.parametrize(("method", "path"), FOR_MANAGERS)
@pytest.mark.parametrize("role", ["kitchen", "waiter"])
async def test_a_role_without_the_right_is_refused(
    client: httpx.AsyncClient,
    owner_sessions: Sessions,
    store: StoreRow,
    role: str,
    method: str,
    path: str,
) -> None:
    user = await add_user(owner_sessions, store.merchant_id, role=role, store_id=store.id)
    work = await go_to_work(client, user, store)
    answer = await (work.get(path) if method == "GET" else work.post(path))
    assert answer.status_code == 403


def test_every_address_of_the_console_is_tested_here(application: Application) -> None:
    """A new one cannot be forgotten, and neither can its guards."""
    known = {(method, template_of(path)) for method, path in EVERY}
    found = {
        (method, route.path.removeprefix("/console/stores/{store_id:uuid}"))
        for route in application.framework.routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/console/stores/")
        for method in route.methods - {"OPTIONS"}
    }
    assert found == known


def template_of(path: str) -> str:
    names = {"menu": "item", "sold-out": "item", "orders": "order", "tables": "table"}
    parts = path.split("/")
    for index, part in enumerate(parts):
        if part == str(ANY):
            parts[index] = f"{{{names.get(parts[index - 1], 'import')}_id:uuid}}"
    return "/".join(parts)


@pytest.mark.parametrize("path", CHANGES)
async def test_a_change_without_the_token_of_the_login_is_refused(
    client: httpx.AsyncClient, store: StoreRow, owner: UserRow, path: str
) -> None:
    work = await go_to_work(client, owner, store)
    for form in ({}, {"csrf": "0" * 64}):
        answer = await client.post(work.base + path, data=form, headers=PAGE)
        assert answer.status_code == 403
        assert "früheren Anmeldung" in answer.text


async def test_a_membership_in_one_store_ends_at_its_door(
    client: httpx.AsyncClient, owner_sessions: Sessions, store: StoreRow
) -> None:
    sibling = await add_store(owner_sessions, merchant_id=store.merchant_id)
    cook = await add_user(owner_sessions, store.merchant_id, role="kitchen", store_id=store.id)
    assert (await (await go_to_work(client, cook, store)).get()).status_code == 200
    assert (await (await go_to_work(client, cook, sibling)).get()).status_code == 404


async def test_an_error_is_told_in_the_language_of_the_person(
    client: httpx.AsyncClient, owner_sessions: Sessions, store: StoreRow
) -> None:
    user = await add_user(owner_sessions, store.merchant_id, language="en")
    work = await go_to_work(client, user, store)
    assert "There is no such page" in (await work.get(f"/tables/{ANY}")).text


async def test_what_is_no_id_is_no_page(
    client: httpx.AsyncClient, store: StoreRow, owner: UserRow
) -> None:
    work = await go_to_work(client, owner, store)
    for path in ("/tables/x", "/menu/1", "/imports/%00", "/nowhere"):
        assert (await work.get(path)).status_code == 404
    assert (await client.get("/console/stores/x", headers=PAGE)).status_code == 404


async def test_an_upload_of_somebody_who_may_not_is_refused_before_it_is_read(
    client: httpx.AsyncClient, store: StoreRow, cook: UserRow, stranger: UserRow
) -> None:
    read = 0

    async def upload():
        nonlocal read
        for _ in range(10):
            read += 1
            yield b"x" * 1024

    headers = {**PAGE, "content-type": "multipart/form-data; boundary=b"}
    for user, status in ((cook, 403), (stranger, 404)):
        work = await go_to_work(client, user, store)
        answer = await client.post(f"{work.base}/imports", content=upload(), headers=headers)
        assert answer.status_code == status
    assert read == 0


async def test_an_upload_without_the_token_leaves_no_file_open(
    client: httpx.AsyncClient, store: StoreRow, owner: UserRow
) -> None:
    work = await go_to_work(client, owner, store)
    answer = await client.post(
        f"{work.base}/imports", files={"file": ("a.csv", b"Name;Preis\n")}, headers=PAGE
    )
    assert answer.status_code == 403


async def test_an_upload_that_arrives_slowly_keeps_no_connection_from_others(
    client: httpx.AsyncClient, application: Application, store: StoreRow, owner: UserRow
) -> None:
    work = await go_to_work(client, owner, store)
    arriving, go_on = asyncio.Event(), asyncio.Event()

    async def upload() -> AsyncGenerator[bytes]:
        yield b"--b\r\n"
        arriving.set()
        await go_on.wait()
        yield b"--b--\r\n"

    sent = asyncio.create_task(
        client.post(
            f"{work.base}/menu/{ANY}/picture",
            content=upload(),
            headers={**PAGE, HEADER: work.csrf, "content-type": "multipart/form-data; boundary=b"},
        )
    )
    async with asyncio.timeout(5):
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
    await sent
