"""An order as its guest may see it, by the address that nobody guesses."""

import uuid
from typing import ClassVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.errors import NotFound
from menuvo_platform.ids import is_name
from menuvo_platform.orders import queries
from menuvo_platform.orders.schemas import TrackedOrder


class OrderUnknown(NotFound):
    code: ClassVar[str] = "order.unknown"


async def get_tracked_order(session: AsyncSession, store_id: uuid.UUID, token: str) -> TrackedOrder:
    """Raises OrderUnknown, for a token of another store too."""
    return await _with_parts(session, await _get_order(session, store_id, token))


async def find_change(
    session: AsyncSession, store_id: uuid.UUID, token: str, *, after: int
) -> TrackedOrder | None:
    """The order when its revision is above the last one known; raises OrderUnknown."""
    order = await _get_order(session, store_id, token)
    return await _with_parts(session, order) if order.revision > after else None


async def _get_order(session: AsyncSession, store_id: uuid.UUID, token: str) -> TrackedOrder:
    order = await queries.find_tracked_order(session, store_id, token) if is_name(token) else None
    if order is None:
        raise OrderUnknown
    return order


async def _with_parts(session: AsyncSession, order: TrackedOrder) -> TrackedOrder:
    return msgspec.structs.replace(
        order,
        lines=await queries.list_tracked_lines(session, order.id),
        taxes=await queries.list_taxes(session, order.id),
        events=await queries.list_tracked_events(session, order.id),
    )
