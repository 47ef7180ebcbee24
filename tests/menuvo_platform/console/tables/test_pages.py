import re

import httpx
import pytest
from sqlalchemy import select

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.merchants.models import AuditEntry
from menuvo_platform.stores.models import ServicePoint
from tests.menuvo_platform.accounts.people import UserRow
from tests.menuvo_platform.conftest import BASE_URL
from tests.menuvo_platform.console.signing_in import PAGE, AtWork, go_to_work
from tests.menuvo_platform.rows import StoreRow, add_table


@pytest.fixture
async def work(client: httpx.AsyncClient, store: StoreRow, owner: UserRow) -> AtWork:
    return await go_to_work(client, owner, store)


async def find_point(owner_sessions: Sessions, store: StoreRow) -> ServicePoint:
    async with transaction(owner_sessions) as session:
        found = select(ServicePoint).where(ServicePoint.store_id == store.id)
        return (await session.execute(found)).scalar_one()


async def test_a_store_without_tables_says_what_will_be_there(work: AtWork) -> None:
    page = await work.get("/tables")
    assert page.status_code == 200
    assert "Noch keine Tische" in page.text


async def test_tables_stand_by_zone_with_their_codes(
    work: AtWork, owner_sessions: Sessions, store: StoreRow
) -> None:
    token = await add_table(owner_sessions, store, "Tisch 7", zone="Stube")
    page = await work.get("/tables")
    assert "Stube" in page.text
    assert "Tisch 7" in page.text
    assert f"menuvo.test/{store.slug}" in page.text
    assert token not in page.text
    pictures = re.findall(r'src="([^"]+/code\.svg)"', page.text)
    drawing = await work.client.get(pictures[0])
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in drawing.text


async def test_a_table_shows_what_its_code_says(
    work: AtWork, owner_sessions: Sessions, store: StoreRow
) -> None:
    token = await add_table(owner_sessions, store)
    point = await find_point(owner_sessions, store)
    page = await work.get(f"/tables/{point.id}")
    assert f"{BASE_URL}/q/{token}" in page.text


async def test_a_revoked_code_is_told_kindly_in_the_shop(
    work: AtWork, owner_sessions: Sessions, store: StoreRow, other_client: httpx.AsyncClient
) -> None:
    token = await add_table(owner_sessions, store)
    point = await find_point(owner_sessions, store)
    assert (await other_client.get(f"/q/{token}")).status_code in {302, 303, 307}
    answer = await work.post(f"/tables/{point.id}/revoke")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{work.base}/tables/{point.id}"
    refused = await other_client.get(f"/q/{token}", headers=PAGE)
    assert refused.status_code == 410
    assert "gilt nicht mehr" in refused.text
    assert "Gesperrt" in (await work.get("/tables")).text
    assert "Tisch 12" not in (await work.get("/tables/print")).text


async def test_a_new_code_replaces_the_printed_one(
    work: AtWork, owner_sessions: Sessions, store: StoreRow, other_client: httpx.AsyncClient
) -> None:
    old = await add_table(owner_sessions, store, active=False)
    point = await find_point(owner_sessions, store)
    assert (await work.post(f"/tables/{point.id}/reissue")).status_code == 303
    renewed = await find_point(owner_sessions, store)
    assert renewed.active
    assert renewed.token != old
    assert (await other_client.get(f"/q/{old}")).status_code == 404
    assert (await other_client.get(f"/q/{renewed.token}")).status_code in {302, 303, 307}
    assert "Tisch 12" in (await work.get("/tables/print")).text


async def test_a_change_leaves_who_made_it(
    work: AtWork, owner_sessions: Sessions, store: StoreRow, owner: UserRow
) -> None:
    await add_table(owner_sessions, store)
    point = await find_point(owner_sessions, store)
    await work.post(f"/tables/{point.id}/revoke")
    async with transaction(owner_sessions) as session:
        found = select(AuditEntry.action, AuditEntry.user_id).where(
            AuditEntry.merchant_id == store.merchant_id
        )
        assert (await session.execute(found)).all() == [("table.revoked", owner.id)]
