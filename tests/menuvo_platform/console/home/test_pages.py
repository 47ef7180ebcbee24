import re
from datetime import UTC, datetime

import httpx

from menuvo_platform.db.session import Sessions
from tests.menuvo_platform.accounts.people import UserRow, add_user
from tests.menuvo_platform.console.signing_in import PAGE, go_to_work, sign_in
from tests.menuvo_platform.menus.dishes import add_item
from tests.menuvo_platform.orders.guests import seat
from tests.menuvo_platform.rows import StoreRow, add_store


def figures(html: str) -> list[str]:
    cells = re.findall(r"<dd>(.*?)</dd>", html, re.DOTALL)
    return [re.sub(r"<[^>]+>|\n", "", cell).strip(" ") for cell in cells]


async def test_who_works_in_one_store_goes_straight_there(
    client: httpx.AsyncClient, store: StoreRow, owner: UserRow
) -> None:
    await sign_in(client, owner)
    answer = await client.get("/console", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/console/stores/{store.id}",
    )


async def test_who_works_in_several_chooses(
    client: httpx.AsyncClient, owner_sessions: Sessions, store: StoreRow, owner: UserRow
) -> None:
    await add_store(owner_sessions, merchant_id=store.merchant_id, name="Zweigstelle")
    await add_store(owner_sessions, name="Fremdes Haus")
    await sign_in(client, owner)
    page = await client.get("/console", headers=PAGE)
    assert page.status_code == 200
    assert "Zweigstelle" in page.text
    assert "Gasthaus Probe" in page.text
    assert "Fremdes Haus" not in page.text


async def test_who_works_nowhere_is_told_what_to_do(
    client: httpx.AsyncClient, owner_sessions: Sessions
) -> None:
    merchant = (await add_store(owner_sessions)).merchant_id
    user = await add_user(owner_sessions, merchant, store_id=None, role="owner")
    await remove_memberships(owner_sessions, user)
    await sign_in(client, user)
    page = await client.get("/console", headers=PAGE)
    assert "Noch kein Standort" in page.text


async def remove_memberships(owner_sessions: Sessions, user: UserRow) -> None:
    from sqlalchemy import delete

    from menuvo_platform.accounts.models import Membership
    from menuvo_platform.db.session import transaction

    async with transaction(owner_sessions) as session:
        await session.execute(delete(Membership).where(Membership.user_id == user.id))


async def test_an_empty_day_teaches_the_next_step(
    client: httpx.AsyncClient, store: StoreRow, owner: UserRow
) -> None:
    page = await (await go_to_work(client, owner, store)).get()
    assert page.status_code == 200
    assert "Heute noch keine Bestellung" in page.text
    assert "Karte einlesen" in page.text
    assert figures(page.text) == ["0", "0", "0,00\xa0€"]


async def test_the_day_counts_its_orders(
    client: httpx.AsyncClient,
    sessions: Sessions,
    owner_sessions: Sessions,
    store: StoreRow,
    owner: UserRow,
) -> None:
    guest = await seat(sessions, owner_sessions, store)
    soup = await add_item(owner_sessions, store, "Suppe", 790)
    now = datetime.now(UTC)
    for _ in range(2):
        await guest.add(soup)
        quote = await guest.open_quote(now=now)
        await guest.place(quote.token, now=now)
    page = await (await go_to_work(client, owner, store)).get()
    assert figures(page.text) == ["2", "2", "15,80\xa0€"]
    assert "Tisch 12" in page.text
    assert "7,90\xa0€" in page.text


async def test_the_kitchen_sees_orders_and_no_money(
    client: httpx.AsyncClient,
    sessions: Sessions,
    owner_sessions: Sessions,
    store: StoreRow,
    cook: UserRow,
) -> None:
    guest = await seat(sessions, owner_sessions, store)
    now = datetime.now(UTC)
    await guest.add(await add_item(owner_sessions, store, "Suppe", 790))
    await guest.place((await guest.open_quote(now=now)).token, now=now)
    page = await (await go_to_work(client, cook, store)).get()
    assert figures(page.text) == ["1", "1"]
    assert "€" not in page.text
    assert f"{store.id}/board" in page.text
    for place in ("menu", "tables", "imports"):
        assert f"{store.id}/{place}" not in page.text
