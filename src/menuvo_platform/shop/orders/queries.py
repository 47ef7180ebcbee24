import uuid
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.rows import fetch_all, fetch_one
from menuvo_platform.orders.models import Order, OrderEvent, OrderLine, OrderTax
from menuvo_platform.orders.schemas import OrderedModifier


class FollowedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as its guest may see it."""

    id: uuid.UUID
    revision: int
    number: int
    state: str
    payment_state: str
    fulfilment: str
    service_point_name: str
    guest_name: str
    note: str
    allergy_note: str
    currency: str
    goods_cents: int
    deposit_cents: int
    total_cents: int
    placed_at: datetime
    promised_at: datetime | None


class FollowedLine(msgspec.Struct, frozen=True):
    quantity: int
    name: str
    total_cents: int
    modifiers: tuple[OrderedModifier, ...]
    note: str


class FollowedTax(msgspec.Struct, frozen=True):
    rate_basis_points: int
    vat_cents: int


class FollowedEvent(msgspec.Struct, frozen=True):
    to_state: str
    at: datetime


async def find_order(
    session: AsyncSession, store_id: uuid.UUID, token: str
) -> FollowedOrder | None:
    return await fetch_one(
        session,
        FollowedOrder,
        select(
            Order.id,
            Order.revision,
            Order.number,
            Order.state,
            Order.payment_state,
            Order.fulfilment,
            Order.service_point_name,
            Order.guest_name,
            Order.note,
            Order.allergy_note,
            Order.currency,
            Order.goods_cents,
            Order.deposit_cents,
            Order.total_cents,
            Order.placed_at,
            Order.promised_at,
        ).where(Order.tracking_token == token, Order.store_id == store_id),
    )


async def list_lines(session: AsyncSession, order_id: uuid.UUID) -> tuple[FollowedLine, ...]:
    return await fetch_all(
        session,
        FollowedLine,
        select(
            OrderLine.quantity,
            OrderLine.name,
            OrderLine.total_cents,
            OrderLine.modifiers,
            OrderLine.note,
        )
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.position),
    )


async def list_taxes(session: AsyncSession, order_id: uuid.UUID) -> tuple[FollowedTax, ...]:
    return await fetch_all(
        session,
        FollowedTax,
        select(OrderTax.rate_basis_points, OrderTax.vat_cents)
        .where(OrderTax.order_id == order_id)
        .order_by(OrderTax.rate_basis_points),
    )


async def list_events(session: AsyncSession, order_id: uuid.UUID) -> tuple[FollowedEvent, ...]:
    """In their order."""
    return await fetch_all(
        session,
        FollowedEvent,
        select(OrderEvent.to_state, OrderEvent.at)
        .where(OrderEvent.order_id == order_id)
        .order_by(OrderEvent.revision),
    )
