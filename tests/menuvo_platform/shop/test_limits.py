"""The platform's own limits, as they are where the proxy has none."""

import httpx
import pytest
from sqlalchemy import func, insert, select, text

from menuvo_platform.accounts.models import Throttle
from menuvo_platform.app import Application
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.db.throttle import Limit, key_of
from menuvo_platform.orders import limits
from menuvo_platform.orders.models import Cart, Quote
from tests.menuvo_platform.conftest import BASE_URL
from tests.menuvo_platform.shop.restaurant import Guest, Restaurant, hidden_fields, words_of


async def use_up(owner_sessions: Sessions, limit: Limit, subject: str) -> None:
    async with transaction(owner_sessions) as session:
        await session.execute(
            insert(Throttle).values(
                key=key_of(limit, subject), window_started_at=func.now(), count=limit.tries
            )
        )


async def count(owner_sessions: Sessions, table: type[Cart | Quote], guest: Guest) -> int:
    async with transaction(owner_sessions) as session:
        found = await session.execute(
            select(func.count()).where(table.store_id == guest.restaurant.store.id)
        )
        return found.scalar_one()


def guest_at(application: Application, restaurant: Restaurant, address: str) -> Guest:
    transport = httpx.ASGITransport(app=application, client=(address, 1))  # pyright: ignore[reportArgumentType]
    return Guest(httpx.AsyncClient(transport=transport, base_url=BASE_URL), restaurant)


async def test_an_address_makes_only_so_many_carts(
    application: Application, restaurant: Restaurant, owner_sessions: Sessions
) -> None:
    await use_up(owner_sessions, limits.CHANGES_PER_ADDRESS, "192.0.2.7")
    crowd = guest_at(application, restaurant, "192.0.2.7")
    refused = await crowd.add(restaurant.beer)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "zu viele Versuche" in words_of(refused.text)
    assert await count(owner_sessions, Cart, crowd) == 0
    neighbour = guest_at(application, restaurant, "192.0.2.8")
    assert (await neighbour.add(restaurant.beer)).status_code == 303


async def test_a_cart_is_changed_only_so_often_and_stays_as_it_is(
    guest: Guest, other: Guest, owner_sessions: Sessions
) -> None:
    await guest.add_beer()
    line = hidden_fields((await guest.cart()).text)["line"]
    await use_up(owner_sessions, limits.CHANGES_PER_CART, guest.client.cookies["cart_token"])
    change = {"line": line, "quantity": "4"}
    refused = await guest.client.post(f"{guest.path}/cart", data=change)
    assert refused.status_code == 429
    assert "1 × Pils" in words_of((await guest.cart()).text)
    await other.add_beer()


@pytest.mark.parametrize("limit", [limits.OFFERS_PER_CART, limits.OFFERS_PER_ADDRESS])
async def test_checkout_is_opened_only_so_often(
    application: Application, restaurant: Restaurant, owner_sessions: Sessions, limit: Limit
) -> None:
    address = "192.0.2.9" if limit is limits.OFFERS_PER_CART else "192.0.2.10"
    guest = guest_at(application, restaurant, address)
    await guest.add_beer()
    cart = guest.client.cookies["cart_token"]
    await use_up(owner_sessions, limit, cart if limit is limits.OFFERS_PER_CART else address)
    assert (await guest.checkout("pickup")).status_code == 429
    assert await count(owner_sessions, Quote, guest) == 0


async def test_looking_at_the_checkout_again_writes_no_second_offer(
    guest: Guest, owner_sessions: Sessions
) -> None:
    await guest.add_beer()
    offers = {hidden_fields((await guest.checkout()).text)["quote"] for _ in range(3)}
    assert len(offers) == await count(owner_sessions, Quote, guest) == 1


async def test_all_addresses_of_one_ipv6_customer_are_counted_together(
    application: Application, restaurant: Restaurant, owner_sessions: Sessions
) -> None:
    for address in ("2001:db8::1", "2001:db8::2:3"):
        guest = guest_at(application, restaurant, address)
        await guest.add_beer()
        await guest.place(await guest.checkout("pickup"))
    for limit in (
        limits.CHANGES_PER_ADDRESS,
        limits.OFFERS_PER_ADDRESS,
        limits.ORDERS_PER_ADDRESS,
    ):
        async with transaction(owner_sessions) as session:
            counted = await session.scalar(
                text("SELECT count FROM throttles WHERE key = :key"),
                {"key": key_of(limit, "2001:db8::/64")},
            )
        assert counted == 2
