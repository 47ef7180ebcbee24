import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.rows import fetch_all, fetch_one
from menuvo_platform.kitchen.schemas import Ticket, TicketLine
from menuvo_platform.orders.models import Order, OrderLine
from menuvo_platform.orders.states import OPEN

# What is not paid for yet is none of the kitchen's business.
_TICKETS = select(
    Order.id,
    Order.number,
    Order.state,
    Order.revision,
    Order.fulfilment,
    Order.service_point_name,
    Order.guest_name,
    Order.note,
    Order.allergy_note,
    Order.placed_at,
    Order.promised_at,
    Order.changed_at,
).where(Order.state != "awaiting_payment")


async def list_board_tickets(
    session: AsyncSession, store_id: uuid.UUID, *, done_since: datetime
) -> tuple[Ticket, ...]:
    """Open ones and those completed since then, longest waiting first, without their lines."""
    lately = and_(Order.state == "completed", Order.changed_at >= done_since)
    tickets = _TICKETS.where(Order.store_id == store_id, or_(Order.state.in_(OPEN), lately))
    return await fetch_all(session, Ticket, tickets.order_by(Order.placed_at, Order.number))


async def list_changed_tickets(
    session: AsyncSession, store_id: uuid.UUID, *, after: int, at_most: int
) -> tuple[Ticket, ...]:
    """In the order of their last events, without their lines."""
    tickets = _TICKETS.where(Order.store_id == store_id, Order.revision > after)
    return await fetch_all(session, Ticket, tickets.order_by(Order.revision).limit(at_most))


async def find_ticket(
    session: AsyncSession, store_id: uuid.UUID, order_id: uuid.UUID
) -> Ticket | None:
    """Without its lines."""
    return await fetch_one(
        session, Ticket, _TICKETS.where(Order.store_id == store_id, Order.id == order_id)
    )


async def list_lines(
    session: AsyncSession, order_ids: Collection[uuid.UUID]
) -> tuple[TicketLine, ...]:
    return await fetch_all(
        session,
        TicketLine,
        select(
            OrderLine.order_id,
            OrderLine.item_id,
            OrderLine.quantity,
            OrderLine.kitchen_name,
            OrderLine.modifiers,
            OrderLine.note,
            OrderLine.allergens,
            OrderLine.minimum_age,
        )
        .where(OrderLine.order_id.in_(order_ids))
        .order_by(OrderLine.order_id, OrderLine.position),
    )
