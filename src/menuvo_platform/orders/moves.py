"""Moving an order from state to state, as one event among all events of its store."""

import uuid
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.errors import Invalid, Refused
from menuvo_platform.orders import queries
from menuvo_platform.orders.states import MOVES
from menuvo_platform.orders.tracking import OrderUnknown
from menuvo_platform.stores.service import take_revision


class MoveNotAllowed(Invalid):
    code: ClassVar[str] = "order.move_not_allowed"


class OrderMovedAlready(Refused):
    """Somebody else was quicker, or this tap arrived before: look at the order as it is now."""

    code: ClassVar[str] = "order.moved_already"


async def change_state(
    session: AsyncSession,
    store_id: uuid.UUID,
    order_id: uuid.UUID,
    *,
    from_state: str,
    to_state: str,
    user_id: uuid.UUID | None,
    now: datetime,
) -> int:
    """The revision of the event. From the state that was seen, or not at all: raises
    MoveNotAllowed, OrderUnknown or OrderMovedAlready before anything is written.

    The store's counter is taken last: until the commit nobody else in the store places or moves.
    """
    if (from_state, to_state) not in MOVES:
        raise MoveNotAllowed
    if not await queries.change_state(
        session, store_id, order_id, from_state=from_state, to_state=to_state, now=now
    ):
        known = await queries.order_exists(session, store_id, order_id)
        raise OrderMovedAlready if known else OrderUnknown
    revision = await take_revision(session, store_id)
    await queries.stamp_order(session, order_id, revision)
    await queries.insert_event(
        session,
        store_id,
        order_id,
        revision=revision,
        from_state=from_state,
        to_state=to_state,
        user_id=user_id,
        at=now,
    )
    return revision
