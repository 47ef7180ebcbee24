import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import cast

import httpx
import msgspec
import pytest
from litestar.types import HTTPReceiveMessage, HTTPScope, Message
from sqlalchemy import insert, select, update

from menuvo_platform.app import Application
from menuvo_platform.clock import utc_now
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.orders.models import Order, OrderEvent
from menuvo_platform.stores.models import StoreCounter
from tests.menuvo_platform.shop.restaurant import Guest, add_restaurant, words_of


async def order_of(guest: Guest, **fields: str) -> str:
    """The address of an order of one schnitzel with spaetzle and one beer, at the table."""
    await guest.scan()
    await guest.add(guest.restaurant.schnitzel, guest.restaurant.spaetzle)
    await guest.add_beer()
    placed = await guest.place(await guest.checkout(), **fields)
    assert placed.status_code == 303, placed.text
    return placed.headers["location"]


async def move(owner_sessions: Sessions, address: str, state: str) -> int:
    """As a tap in the kitchen does; returns the revision."""
    token = address.rpartition("/")[2]
    async with transaction(owner_sessions) as session:
        order = (
            await session.execute(select(Order).where(Order.tracking_token == token))
        ).scalar_one()
        taken = await session.execute(
            update(StoreCounter)
            .where(StoreCounter.store_id == order.store_id)
            .values(revision=StoreCounter.revision + 1)
            .returning(StoreCounter.revision)
        )
        revision = taken.scalar_one()
        event = {
            "id": new_id(),
            "merchant_id": order.merchant_id,
            "store_id": order.store_id,
            "order_id": order.id,
            "revision": revision,
            "from_state": order.state,
            "to_state": state,
            "at": utc_now(),
        }
        await session.execute(insert(OrderEvent).values(event))
        order.state, order.revision = state, revision
    return revision


def revision_of(page: httpx.Response) -> int:
    found = re.search(r'data-revision="(\d+)"', page.text)
    assert found
    return int(found[1])


@asynccontextmanager
async def streaming(application: Application, path: str) -> AsyncGenerator[asyncio.Queue[bytes]]:
    """What a browser hears of a stream, part by part."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    gone = asyncio.Event()
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"menuvo.test")],
        "client": ("127.0.0.1", 1),
        "server": ("menuvo.test", 80),
    }

    async def receive() -> HTTPReceiveMessage:
        await gone.wait()
        return cast("HTTPReceiveMessage", {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200
            assert dict(message["headers"])[b"content-type"].startswith(b"text/event-stream")
        elif message["type"] == "http.response.body":
            await heard.put(message["body"])

    running = asyncio.create_task(application(cast("HTTPScope", scope), receive, send))
    try:
        yield heard
    finally:
        gone.set()
        await asyncio.wait_for(running, 5)


async def next_of(heard: asyncio.Queue[bytes]) -> bytes:
    return await asyncio.wait_for(heard.get(), 5)


async def test_the_page_says_the_number_what_happens_next_and_what_it_costs(guest: Guest) -> None:
    page = await guest.client.get(await order_of(guest, allergy_note="Nüsse", note="schnell"))
    assert page.status_code == 200
    words = words_of(page.text)
    for expected in (
        "Ihre Nummer 1",
        "Wir haben Ihre Bestellung In etwa 20 Minuten bei Ihnen, Tisch 12.",
        "1 × Schnitzel 13,30 € Spätzle + 0,80 €",
        "Pfand 0,25 € Gesamt 16,95 €",
        "darin 7 % Mehrwertsteuer 0,87 €",
        "darin 19 % Mehrwertsteuer 0,58 €",
        "Allergien: Nüsse",
        "Anmerkung: schnell",
        "Bezahlt wird bei uns",
    ):
        assert expected in words, expected


async def test_whoever_has_the_address_sees_it_and_nobody_else(
    guest: Guest, other: Guest, owner_sessions: Sessions
) -> None:
    address = await order_of(guest)
    assert (await other.client.get(address)).status_code == 200
    elsewhere = await add_restaurant(owner_sessions)
    token = address.rpartition("/")[2]
    for path in (
        f"{elsewhere.path}/orders/{token}",
        f"{guest.path}/orders/{'x' * 22}",
        f"{guest.path}/orders/%00",
        f"{guest.path}/orders/{token}x",
    ):
        for suffix in ("", "/events", "/changes"):
            assert (await other.client.get(path + suffix)).status_code == 404


async def test_two_orders_of_a_day_have_following_numbers(guest: Guest) -> None:
    await order_of(guest)
    assert "Ihre Nummer 2" in words_of((await guest.client.get(await order_of(guest))).text)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("preparing", "Ihre Bestellung wird zubereitet In etwa 20 Minuten bei Ihnen"),
        ("ready", "Ihre Bestellung ist fertig Wir bringen alles gleich zu Ihnen."),
        ("completed", "Guten Appetit!"),
        ("cancelled", "Ihre Bestellung ist storniert"),
    ],
)
async def test_each_state_is_told_in_words(
    guest: Guest, owner_sessions: Sessions, state: str, expected: str
) -> None:
    address = await order_of(guest)
    await move(owner_sessions, address, state)
    assert expected in words_of((await guest.client.get(address)).text)


async def test_who_picks_up_is_called_by_name(guest: Guest, owner_sessions: Sessions) -> None:
    guest.language = "/en"
    await guest.add_beer()
    placed = await guest.place(await guest.checkout(), guest_name="Paula")
    await move(owner_sessions, placed.headers["location"], "ready")
    words = words_of((await guest.client.get(placed.headers["location"])).text)
    assert "Your order is ready Please collect everything at the counter" in words
    assert "To pick up, for Paula" in words


async def test_polling_answers_what_is_newer_and_nothing_otherwise(
    guest: Guest, owner_sessions: Sessions
) -> None:
    address = await order_of(guest)
    known = revision_of(await guest.client.get(address))
    assert (await guest.client.get(f"{address}/changes?after={known}")).status_code == 204
    revision = await move(owner_sessions, address, "preparing")
    change = (await guest.client.get(f"{address}/changes?after={known}")).json()
    assert change["revision"] == revision
    assert change["title"] == "Nr. 1: In Zubereitung"
    assert "Ihre Bestellung wird zubereitet" in change["html"]
    assert "<html" not in change["html"]


@pytest.mark.parametrize("after", ["", "abc", "-1", "9" * 40, "1e3"])
async def test_a_revision_that_makes_no_sense_gets_the_state_as_it_is(
    guest: Guest, after: str
) -> None:
    address = await order_of(guest)
    answer = await guest.client.get(f"{address}/changes", params={"after": after})
    assert answer.status_code == 200


async def test_a_stream_tells_a_change_at_once(
    guest: Guest, application: Application, owner_sessions: Sessions
) -> None:
    address = await order_of(guest)
    known = revision_of(await guest.client.get(address))
    async with streaming(application, f"{address}/events?after={known}") as heard:
        assert await next_of(heard) == b"event: ping\ndata:\n\n"
        revision = await move(owner_sessions, address, "ready")
        await application.pages._feed.announce(guest.restaurant.store.id)
        event = (await next_of(heard)).decode()
        assert event.startswith(f"event: change\nid: {revision}\ndata: ")
        data = msgspec.json.decode(event.splitlines()[2].removeprefix("data: "))
        assert "Ihre Bestellung ist fertig" in data["html"]


async def test_other_orders_of_the_store_are_not_heard(
    guest: Guest, other: Guest, application: Application, owner_sessions: Sessions
) -> None:
    address = await order_of(guest)
    known = revision_of(await guest.client.get(address))
    async with streaming(application, f"{address}/events?after={known}") as heard:
        await next_of(heard)
        await order_of(other)
        revision = await move(owner_sessions, address, "ready")
        await application.pages._feed.announce(guest.restaurant.store.id)
        assert f"id: {revision}\n" in (await next_of(heard)).decode()


async def test_the_bar_below_the_menu_is_empty_after_ordering(guest: Guest) -> None:
    address = await order_of(guest)
    await guest.client.get(address)
    assert guest.cookie("cart") is None


async def test_all_guests_of_a_full_house_may_poll_at_once(guest: Guest) -> None:
    address = await order_of(guest)
    polls = await asyncio.gather(*(guest.client.get(f"{address}/changes") for _ in range(30)))
    assert {poll.status_code for poll in polls} == {200}
