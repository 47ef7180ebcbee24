"""What the overview reads across orders, menu and tables."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, ScalarSelect, Select, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.rows import fetch_all, fetch_one
from menuvo_platform.menus.models import Item
from menuvo_platform.orders.models import Order
from menuvo_platform.orders.states import OPEN
from menuvo_platform.stores.models import ServicePoint


@dataclass(frozen=True, slots=True)
class DayTotals:
    """Of one business day; what was cancelled does not count."""

    orders: int
    open_orders: int
    turnover_cents: int


@dataclass(frozen=True, slots=True)
class RecentOrder:
    number: int
    place: str
    guest_name: str
    fulfilment: str
    state: str
    total_cents: int
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Setup:
    """How far the store is prepared, as counts."""

    items: int
    items_without_allergens: int
    items_without_picture: int
    tables: int
    orders: int


async def read_day_totals(session: AsyncSession, store_id: uuid.UUID, day: date) -> DayTotals:
    open_order = Order.state.in_(OPEN)
    # A sum of bigint is numeric.
    turnover = func.sum(Order.total_cents).filter(Order.business_day == day)
    statement = select(
        func.count().filter(Order.business_day == day).label("orders"),
        func.count().filter(open_order).label("open_orders"),
        cast(func.coalesce(turnover, 0), BigInteger).label("turnover_cents"),
    ).where(
        Order.store_id == store_id,
        Order.state != "cancelled",
        (Order.business_day == day) | open_order,
    )
    return await fetch_one(session, DayTotals, statement) or DayTotals(0, 0, 0)


async def list_recent_orders(
    session: AsyncSession, store_id: uuid.UUID, day: date, at_most: int
) -> tuple[RecentOrder, ...]:
    """The latest first."""
    statement = (
        select(
            Order.number,
            Order.service_point_name.label("place"),
            Order.guest_name,
            Order.fulfilment,
            Order.state,
            Order.total_cents,
            Order.placed_at,
        )
        .where(Order.store_id == store_id, Order.business_day == day)
        .order_by(Order.number.desc())
        .limit(at_most)
    )
    return await fetch_all(session, RecentOrder, statement)


async def read_setup(session: AsyncSession, store_id: uuid.UUID) -> Setup:
    items = select(Item.id).where(Item.store_id == store_id, Item.active)
    tables = select(ServicePoint.id).where(ServicePoint.store_id == store_id, ServicePoint.active)
    any_order = select(Order.id).where(Order.store_id == store_id).limit(1)
    statement = select(
        _count(items).label("items"),
        _count(items.where(Item.allergen_state == "unknown")).label("items_without_allergens"),
        _count(items.where(Item.image_id.is_(None))).label("items_without_picture"),
        _count(tables).label("tables"),
        _count(any_order).label("orders"),
    )
    return await fetch_one(session, Setup, statement) or Setup(0, 0, 0, 0, 0)


def _count(rows: Select[uuid.UUID]) -> ScalarSelect[int]:
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()
