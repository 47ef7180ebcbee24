import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

import msgspec
from sqlalchemy import exists, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.documents import to_documents
from menuvo_platform.db.rows import fetch_all, fetch_one
from menuvo_platform.db.session import scope_of
from menuvo_platform.ids import new_id
from menuvo_platform.money import Tax
from menuvo_platform.orders.models import Cart, Order, OrderEvent, OrderLine, OrderTax
from menuvo_platform.orders.models import Quote as QuoteTable
from menuvo_platform.orders.pricing import totals
from menuvo_platform.orders.schemas import (
    AddedChoice,
    CartLine,
    Quote,
    TrackedEvent,
    TrackedLine,
    TrackedOrder,
)

Values: TypeAlias = dict[str, object]

_QUOTES = select(
    QuoteTable.id,
    QuoteTable.token,
    Cart.token.label("cart_token"),
    QuoteTable.service_point_id,
    QuoteTable.fulfilment,
    QuoteTable.language,
    QuoteTable.lines,
    QuoteTable.rates,
    QuoteTable.expires_at,
).join(Cart, Cart.id == QuoteTable.cart_id)


class CartRow(msgspec.Struct, frozen=True):
    id: uuid.UUID
    token: str
    lines: tuple[CartLine, ...]
    added: tuple[AddedChoice, ...]


async def find_cart(
    session: AsyncSession, store_id: uuid.UUID, token: str, *, lock: bool = False
) -> CartRow | None:
    """Locked, whoever else changes it waits for the end of this transaction."""
    cart = select(Cart.id, Cart.token, Cart.lines, Cart.added).where(
        Cart.token == token, Cart.store_id == store_id
    )
    return await fetch_one(session, CartRow, cart.with_for_update() if lock else cart)


async def insert_cart(
    session: AsyncSession, store_id: uuid.UUID, token: str, *, now: datetime
) -> CartRow:
    cart = CartRow(new_id(), token, (), ())
    await session.execute(
        insert(Cart).values(
            id=cart.id,
            merchant_id=scope_of(session),
            store_id=store_id,
            token=cart.token,
            updated_at=now,
        )
    )
    return cart


async def change_cart(
    session: AsyncSession,
    cart_id: uuid.UUID,
    lines: Sequence[CartLine],
    *,
    now: datetime,
    added: Sequence[AddedChoice] | None = None,
) -> None:
    """None leaves what is remembered of added choices as it is."""
    remembered = {} if added is None else {Cart.added: to_documents(tuple(added))}
    await session.execute(
        update(Cart)
        .where(Cart.id == cart_id)
        .values({Cart.lines: to_documents(tuple(lines)), **remembered})
        .values(version=Cart.version + 1, updated_at=now)
    )


async def insert_quote(session: AsyncSession, store_id: uuid.UUID, quote: Quote) -> None:
    await session.execute(
        insert(QuoteTable).values(
            id=quote.id,
            merchant_id=scope_of(session),
            store_id=store_id,
            cart_id=select(Cart.id).where(Cart.token == quote.cart_token).scalar_subquery(),
            token=quote.token,
            service_point_id=quote.service_point_id,
            fulfilment=quote.fulfilment,
            language=quote.language,
            lines=to_documents(quote.lines),
            rates=quote.rates,
            total_cents=totals(quote.lines).total_cents,
            expires_at=quote.expires_at,
        )
    )


async def find_quote(
    session: AsyncSession, store_id: uuid.UUID, token: str, *, lock: bool = False
) -> Quote | None:
    """Locked, whoever else accepts it waits for the end of this transaction."""
    quote = _QUOTES.where(QuoteTable.token == token, QuoteTable.store_id == store_id)
    if lock:
        quote = quote.with_for_update(of=QuoteTable)
    return await fetch_one(session, Quote, quote)


async def find_open_quote(
    session: AsyncSession, store_id: uuid.UUID, like: Quote, *, valid_at: datetime
) -> Quote | None:
    """The last one of the same cart, for the same place and in the same language, that is not
    ordered; it may be of other lines."""
    return await fetch_one(
        session,
        Quote,
        _QUOTES.where(
            Cart.token == like.cart_token,
            QuoteTable.store_id == store_id,
            QuoteTable.service_point_id.is_not_distinct_from(like.service_point_id),
            QuoteTable.fulfilment == like.fulfilment,
            QuoteTable.language == like.language,
            QuoteTable.expires_at > valid_at,
            ~exists().where(Order.quote_id == QuoteTable.id),
        )
        .order_by(QuoteTable.expires_at.desc(), QuoteTable.id.desc())
        .limit(1),
    )


class OrderOfQuote(msgspec.Struct, frozen=True, kw_only=True):
    id: uuid.UUID
    number: int
    tracking_token: str
    guest_name: str
    note: str
    allergy_note: str


async def find_order_of_quote(session: AsyncSession, quote_id: uuid.UUID) -> OrderOfQuote | None:
    return await fetch_one(
        session,
        OrderOfQuote,
        select(
            Order.id,
            Order.number,
            Order.tracking_token,
            Order.guest_name,
            Order.note,
            Order.allergy_note,
        ).where(Order.quote_id == quote_id),
    )


async def insert_order(session: AsyncSession, order: Values) -> None:
    await session.execute(insert(Order).values(order))


async def insert_lines(session: AsyncSession, lines: Sequence[Values]) -> None:
    await session.execute(insert(OrderLine), lines)


async def insert_taxes(session: AsyncSession, taxes: Sequence[Values]) -> None:
    if taxes:  # an order that costs nothing contains no VAT
        await session.execute(insert(OrderTax), taxes)


async def insert_event(
    session: AsyncSession,
    store_id: uuid.UUID,
    order_id: uuid.UUID,
    *,
    revision: int,
    from_state: str | None,
    to_state: str,
    user_id: uuid.UUID | None,
    at: datetime,
) -> None:
    await session.execute(
        insert(OrderEvent).values(
            id=new_id(),
            merchant_id=scope_of(session),
            store_id=store_id,
            order_id=order_id,
            revision=revision,
            from_state=from_state,
            to_state=to_state,
            user_id=user_id,
            at=at,
        )
    )


async def change_state(
    session: AsyncSession,
    store_id: uuid.UUID,
    order_id: uuid.UUID,
    *,
    from_state: str,
    to_state: str,
    now: datetime,
) -> bool:
    """False when the order is not in that state (any more), and then nothing changed."""
    changed = await session.execute(
        update(Order)
        .where(Order.id == order_id, Order.store_id == store_id, Order.state == from_state)
        .values(state=to_state, changed_at=now)
        .returning(Order.id)
    )
    return changed.first() is not None


async def stamp_order(session: AsyncSession, order_id: uuid.UUID, revision: int) -> None:
    await session.execute(update(Order).where(Order.id == order_id).values(revision=revision))


async def order_exists(session: AsyncSession, store_id: uuid.UUID, order_id: uuid.UUID) -> bool:
    found = await session.execute(
        select(exists().where(Order.id == order_id, Order.store_id == store_id))
    )
    return found.scalar_one()


async def find_tracked_order(
    session: AsyncSession, store_id: uuid.UUID, token: str
) -> TrackedOrder | None:
    """Without its lines, taxes and events."""
    return await fetch_one(
        session,
        TrackedOrder,
        select(
            Order.id,
            Order.revision,
            Order.number,
            Order.state,
            Order.payment_state,
            Order.fulfilment,
            Order.language,
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


async def list_tracked_lines(session: AsyncSession, order_id: uuid.UUID) -> tuple[TrackedLine, ...]:
    return await fetch_all(
        session,
        TrackedLine,
        select(
            OrderLine.quantity,
            OrderLine.name,
            OrderLine.unit_cents,
            OrderLine.deposit_cents,
            OrderLine.total_cents,
            OrderLine.modifiers,
            OrderLine.allergens,
            OrderLine.note,
        )
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.position),
    )


async def list_taxes(session: AsyncSession, order_id: uuid.UUID) -> tuple[Tax, ...]:
    return await fetch_all(
        session,
        Tax,
        select(OrderTax.rate_basis_points, OrderTax.gross_cents, OrderTax.vat_cents)
        .where(OrderTax.order_id == order_id)
        .order_by(OrderTax.rate_basis_points),
    )


async def list_tracked_events(
    session: AsyncSession, order_id: uuid.UUID
) -> tuple[TrackedEvent, ...]:
    return await fetch_all(
        session,
        TrackedEvent,
        select(OrderEvent.to_state, OrderEvent.at)
        .where(OrderEvent.order_id == order_id)
        .order_by(OrderEvent.revision),
    )


async def forget_guests(
    session: AsyncSession, *, cart_days: int, contact_days: int, at_most: int
) -> int:
    """How many rows of all merchants were deleted or emptied. Needs no scope."""
    forgotten = await session.execute(
        text("SELECT forget_guests(:cart_days, :contact_days, :at_most)"),
        {"cart_days": cart_days, "contact_days": contact_days, "at_most": at_most},
    )
    return msgspec.convert(forgotten.scalar_one(), int)
