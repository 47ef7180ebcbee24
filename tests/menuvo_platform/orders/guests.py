"""A guest at a table, who orders as the pages would let them: one request, one transaction."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_token
from menuvo_platform.orders.carts import CartView, add_to_cart, view_cart
from menuvo_platform.orders.place import place_order
from menuvo_platform.orders.quotes import open_quote
from menuvo_platform.orders.schemas import GuestWishes, PlacedOrder, Quote, Reader, choose
from menuvo_platform.stores.service import get_service_point, get_store_by_slug
from tests.menuvo_platform import rows
from tests.menuvo_platform.menus.dishes import Dish

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOTHING = GuestWishes()


@dataclass
class Guest:
    sessions: Sessions
    store: rows.StoreRow
    table: str | None = None
    language: str = "en"
    cart: str | None = None
    announced: list[uuid.UUID] = field(default_factory=list)

    async def add(self, dish: Dish, *modifiers: Dish, quantity: int = 1, note: str = "") -> None:
        handles = [modifier.handle for modifier in modifiers]
        async with transaction(self.sessions) as session:
            store = await get_store_by_slug(session, self.store.slug, NOW)
            cart = await add_to_cart(
                session,
                store,
                choose(dish.handle, handles, quantity=quantity, note=note),
                key=new_token(),
                token=self.cart,
                reader=Reader(self.language, store.languages),
                now=NOW,
            )
        self.cart = cart.token

    async def see_cart(self) -> CartView:
        async with transaction(self.sessions) as session:
            store = await get_store_by_slug(session, self.store.slug, NOW)
            reader = Reader(self.language, store.languages)
            return await view_cart(session, store, token=self.cart, reader=reader, now=NOW)

    async def open_quote(self, *, fulfilment: str = "dine_in", now: datetime = NOW) -> Quote:
        async with transaction(self.sessions) as session:
            store = await get_store_by_slug(session, self.store.slug, now)
            table = await get_service_point(session, self.table) if self.table else None
            return await open_quote(
                session,
                store,
                cart_token=self.cart,
                service_point=table,
                fulfilment=fulfilment,
                language=self.language,
                now=now,
            )

    async def place(
        self, quote_token: str, *, wishes: GuestWishes = NOTHING, now: datetime = NOW
    ) -> PlacedOrder:
        async with transaction(self.sessions) as session:
            store = await get_store_by_slug(session, self.store.slug, now)
            return await place_order(
                session, store, quote_token, wishes=wishes, now=now, announce=self._announce
            )

    async def order(self, dish: Dish, **wishes: str) -> PlacedOrder:
        await self.add(dish)
        quote = await self.open_quote()
        return await self.place(quote.token, wishes=GuestWishes(**wishes))

    async def _announce(self, store_id: uuid.UUID) -> None:
        self.announced.append(store_id)


async def seat(
    sessions: Sessions, owner_sessions: Sessions, store: rows.StoreRow | None = None
) -> Guest:
    """At a table of a store of its own, unless one is given."""
    store = store or await rows.add_store(owner_sessions)
    return Guest(sessions, store, await rows.add_table(owner_sessions, store))
