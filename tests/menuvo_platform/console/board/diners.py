"""Guests who order now, and what the board says of their orders."""

from datetime import UTC, datetime

import httpx

from menuvo_platform.db.session import Sessions
from menuvo_platform.ids import new_token
from menuvo_platform.orders.schemas import GuestWishes, PlacedOrder
from tests.menuvo_platform.console.signing_in import AtWork
from tests.menuvo_platform.menus.dishes import Dish, add_item
from tests.menuvo_platform.orders.guests import Guest, seat
from tests.menuvo_platform.rows import StoreRow

JSON = "application/json"


class Diner:
    def __init__(self, guest: Guest, soup: Dish) -> None:
        self._guest: Guest = guest
        self.soup: Dish = soup

    async def order(self, **wishes: str) -> PlacedOrder:
        now = datetime.now(UTC)
        await self._guest.add(self.soup)
        quote = await self._guest.open_quote(now=now)
        return await self._guest.place(quote.token, wishes=GuestWishes(**wishes), now=now)


async def sit_down(sessions: Sessions, owner_sessions: Sessions, store: StoreRow) -> Diner:
    guest = await seat(sessions, owner_sessions, store)
    return Diner(guest, await add_item(owner_sessions, store, "Suppe", 790))


async def tap(
    work: AtWork, order: PlacedOrder, move: str, from_state: str, key: str | None = None
) -> httpx.Response:
    """As board.js sends it, with a key of its own unless it is a repeat."""
    return await work.client.post(
        f"{work.base}/board/orders/{order.id}/{move}",
        data={"from": from_state},
        headers={"accept": JSON, "x-csrf-token": work.csrf, "idempotency-key": key or new_token()},
    )


async def poll(work: AtWork, after: int | str) -> httpx.Response:
    return await work.client.get(
        f"{work.base}/board/changes?after={after}", headers={"accept": JSON}
    )
