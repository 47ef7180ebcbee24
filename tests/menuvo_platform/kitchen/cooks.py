"""Cooks at the board, without its pages."""

import uuid
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.kitchen.schemas import Board, Tap, Ticket
from menuvo_platform.kitchen.service import list_orders_changed_after, move_order, read_board
from tests.menuvo_platform import rows
from tests.menuvo_platform.orders.guests import NOW


class Cook:
    """Taps on the board of a store, each a request of its own."""

    def __init__(self, sessions: Sessions, store: rows.StoreRow, user_id: uuid.UUID) -> None:
        self.sessions = sessions
        self.store = store
        self.user_id = user_id
        self.announced: list[uuid.UUID] = []

    async def move(
        self, order_id: uuid.UUID, from_state: str, to_state: str, key: str | None = None
    ) -> int | None:
        async with transaction(self.sessions, self.store.merchant_id) as session:
            return await self.tap(session, Tap(order_id, from_state, to_state, key))

    async def tap(self, session: AsyncSession, tap: Tap) -> int | None:
        """In a transaction that may go on whatever comes of it, as that of the page does."""

        async def announce(store_id: uuid.UUID) -> None:
            self.announced.append(store_id)

        return await move_order(
            session, self.store.id, tap, user_id=self.user_id, now=NOW, announce=announce
        )

    async def board(self, minutes_later: int = 0) -> Board:
        async with transaction(self.sessions, self.store.merchant_id) as session:
            now = NOW + timedelta(minutes=minutes_later)
            return await read_board(session, self.store.id, now)

    async def changed_after(self, revision: int) -> tuple[Ticket, ...]:
        async with transaction(self.sessions, self.store.merchant_id) as session:
            return await list_orders_changed_after(session, self.store.id, revision)


async def cook_of(sessions: Sessions, owner_sessions: Sessions, store: rows.StoreRow) -> Cook:
    return Cook(sessions, store, await rows.add_user(owner_sessions))
