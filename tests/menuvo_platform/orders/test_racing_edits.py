"""An order and an edit of what it is made of, at the same moment: one of them is first."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import Sessions, enter_scope, transaction
from menuvo_platform.errors import DomainError
from menuvo_platform.ids import new_token
from menuvo_platform.menus.editing.service import change_price
from menuvo_platform.menus.models import Modifier
from menuvo_platform.menus.service import mark_available, mark_sold_out
from menuvo_platform.orders.acceptance import OrderingPaused, StoreClosed, StoreInactive
from menuvo_platform.orders.models import Order
from menuvo_platform.orders.place import MenuChanged, place_order
from menuvo_platform.orders.schemas import Quote
from menuvo_platform.stores.models import OpeningSlot, Store
from menuvo_platform.stores.service import get_store_by_slug, pause_ordering, take_revision
from tests.menuvo_platform import rows
from tests.menuvo_platform.kitchen.cooks import cook_of
from tests.menuvo_platform.locks import wait_until_somebody_waits
from tests.menuvo_platform.menus import dishes
from tests.menuvo_platform.menus.dishes import Dish
from tests.menuvo_platform.orders.guests import NOTHING, NOW, Guest, seat


class Table:
    """A guest with a quote of a soup with bread, and somebody who edits the menu."""

    def __init__(
        self, guest: Guest, quote: Quote, soup: Dish, *, bread: Dish, user_id: uuid.UUID
    ) -> None:
        self.guest = guest
        self.quote = quote
        self.soup = soup
        self.bread = bread
        self.user_id = user_id

    @property
    def store(self) -> rows.StoreRow:
        return self.guest.store

    async def announce(self, _: uuid.UUID) -> None:
        """Nobody listens."""

    async def orders(self) -> int | None:
        async with transaction(self.guest.sessions, self.store.merchant_id) as session:
            return await session.scalar(
                select(func.count(Order.id)).where(Order.store_id == self.store.id)
            )


Edit: TypeAlias = Callable[[AsyncSession, Table], Awaitable[object]]


async def sell_out(session: AsyncSession, table: Table, dish: Dish | None = None) -> None:
    await mark_sold_out(
        session,
        table.store.id,
        (dish or table.soup).id,
        until=None,
        user_id=table.user_id,
        now=NOW,
        announce=table.announce,
    )


async def put_back(session: AsyncSession, table: Table, dish: Dish) -> None:
    await mark_available(
        session,
        table.store.id,
        dish.id,
        user_id=table.user_id,
        now=NOW,
        announce=table.announce,
    )


async def raise_price(session: AsyncSession, table: Table) -> None:
    await change_price(
        session,
        table.store.id,
        table.soup.id,
        price_cents=700,
        version=1,
        user_id=table.user_id,
        now=NOW,
        announce=table.announce,
    )


async def pause(session: AsyncSession, table: Table, minutes: int = 20) -> None:
    await pause_ordering(
        session,
        table.store.id,
        minutes=minutes,
        user_id=table.user_id,
        now=NOW,
        announce=table.announce,
    )


async def sell_out_bread(session: AsyncSession, table: Table) -> None:
    await session.execute(
        update(Modifier).where(Modifier.id == table.bread.id).values(sold_out_since=NOW)
    )


async def close_for_today(session: AsyncSession, table: Table) -> None:
    await session.execute(
        update(OpeningSlot)
        .where(OpeningSlot.store_id == table.store.id)
        .values(opens_minute=0, closes_minute=1)
    )


async def close_for_ever(session: AsyncSession, table: Table) -> None:
    await session.execute(update(Store).where(Store.id == table.store.id).values(active=False))


EDITS: dict[Edit, type[DomainError]] = {
    sell_out: MenuChanged,
    raise_price: MenuChanged,
    sell_out_bread: MenuChanged,
    pause: OrderingPaused,
    close_for_today: StoreClosed,
    close_for_ever: StoreInactive,
}
every_edit = pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)


@pytest.fixture
async def table(sessions: Sessions, owner_sessions: Sessions) -> Table:
    guest = await seat(sessions, owner_sessions)
    soup = await dishes.add_item(owner_sessions, guest.store, "Suppe", 600)
    group = await dishes.add_group(owner_sessions, guest.store, [soup])
    bread = await dishes.add_modifier(owner_sessions, guest.store, group, "Brot")
    await guest.add(soup, bread)
    user_id = await rows.add_user(owner_sessions)
    return Table(guest, await guest.open_quote(), soup, bread=bread, user_id=user_id)


@every_edit
async def test_an_order_waits_for_an_edit_under_way_and_sees_it(
    owner_sessions: Sessions, table: Table, edit: Edit
) -> None:
    async with transaction(table.guest.sessions, table.store.merchant_id) as editing:
        await edit(editing, table)
        placing = asyncio.create_task(table.guest.place(table.quote.token))
        await wait_until_somebody_waits(owner_sessions)
    with pytest.raises(EDITS[edit]):
        await placing
    assert await table.orders() == 0


@every_edit
async def test_an_edit_that_is_taken_back_is_not_in_the_way_of_the_order(
    owner_sessions: Sessions, table: Table, edit: Edit
) -> None:
    async with table.guest.sessions() as editing:
        await enter_scope(editing, table.store.merchant_id)
        await edit(editing, table)
        placing = asyncio.create_task(table.guest.place(table.quote.token))
        await wait_until_somebody_waits(owner_sessions)
        await editing.rollback()
    assert (await placing).number == 1


@every_edit
async def test_an_edit_after_the_page_found_its_store_is_seen(table: Table, edit: Edit) -> None:
    async with transaction(table.guest.sessions) as placing:
        store = await get_store_by_slug(placing, table.store.slug, NOW)
        async with transaction(table.guest.sessions, table.store.merchant_id) as editing:
            await edit(editing, table)
        with pytest.raises(EDITS[edit]):
            await place_order(
                placing, store, table.quote.token, wishes=NOTHING, now=NOW, announce=table.announce
            )
    assert await table.orders() == 0


@every_edit
async def test_an_edit_waits_for_an_order_under_way(
    owner_sessions: Sessions, table: Table, edit: Edit
) -> None:
    async def change() -> None:
        async with transaction(table.guest.sessions, table.store.merchant_id) as editing:
            await edit(editing, table)

    async with transaction(table.guest.sessions) as placing:
        store = await get_store_by_slug(placing, table.store.slug, NOW)
        await place_order(
            placing, store, table.quote.token, wishes=NOTHING, now=NOW, announce=table.announce
        )
        editing = asyncio.create_task(change())
        await wait_until_somebody_waits(owner_sessions)
        assert not editing.done()
    await editing
    assert await table.orders() == 1


async def test_orders_of_one_store_wait_for_each_other_at_its_counter_only(
    sessions: Sessions, owner_sessions: Sessions, table: Table
) -> None:
    guests = [await seat(sessions, owner_sessions, table.store) for _ in range(7)]
    for guest in guests:
        await guest.add(table.soup)
    quotes = [await guest.open_quote() for guest in guests]
    async with transaction(owner_sessions) as holder:
        await take_revision(holder, table.store.id)
        placing = [
            asyncio.create_task(guest.place(quote.token))
            for guest, quote in zip(guests, quotes, strict=True)
        ]
        await wait_until_somebody_waits(owner_sessions, people=7)
        async with transaction(owner_sessions) as session:
            waiting = await session.scalars(
                text(
                    "SELECT DISTINCT split_part(query, ' SET', 1) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
            )
            assert waiting.all() == ["UPDATE store_counters"]
    assert sorted(order.number for order in await asyncio.gather(*placing)) == list(range(1, 8))


async def test_a_busy_menu_and_a_busy_board_never_deadlock(
    sessions: Sessions, owner_sessions: Sessions, table: Table
) -> None:
    """Guests order, cooks tap, and all the while the menu is edited and ordering resumed."""
    store = table.store
    cook = await cook_of(sessions, owner_sessions, store)
    tea = await dishes.add_item(owner_sessions, store, "Tee", 300)
    finished = asyncio.Event()

    async def order_and_cook() -> None:
        guest = await seat(sessions, owner_sessions, store)
        for _ in range(3):
            order = await guest.order(table.soup)
            await cook.move(order.id, "confirmed", "preparing", key=new_token())
            await cook.move(order.id, "preparing", "confirmed", key=new_token())

    async def edit_all_the_time() -> int:
        edits = 0
        while not finished.is_set():
            async with transaction(sessions, store.merchant_id) as session:
                await (sell_out if edits % 2 else put_back)(session, table, tea)
            async with transaction(sessions, store.merchant_id) as session:
                await pause(session, table, minutes=0)
            edits += 1
        return edits

    editing = [asyncio.create_task(edit_all_the_time()) for _ in range(2)]
    await asyncio.gather(*(order_and_cook() for _ in range(6)))
    finished.set()
    assert all(edits > 0 for edits in await asyncio.gather(*editing))
    assert await table.orders() == 18
    assert len(cook.announced) == 36
