import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.documents import to_documents
from menuvo_platform.db.rows import fetch_one
from menuvo_platform.db.session import scope_of
from menuvo_platform.ids import new_id
from menuvo_platform.orders.models import Cart
from menuvo_platform.orders.schemas import CartLine


class CartRow(msgspec.Struct, frozen=True):
    id: uuid.UUID
    token: str
    lines: tuple[CartLine, ...]


async def find_cart(session: AsyncSession, store_id: uuid.UUID, token: str) -> CartRow | None:
    return await fetch_one(
        session,
        CartRow,
        select(Cart.id, Cart.token, Cart.lines).where(
            Cart.token == token, Cart.store_id == store_id
        ),
    )


async def lock_cart(session: AsyncSession, store_id: uuid.UUID, token: str) -> CartRow | None:
    """Whoever else changes it waits for the end of this transaction."""
    return await fetch_one(
        session,
        CartRow,
        select(Cart.id, Cart.token, Cart.lines)
        .where(Cart.token == token, Cart.store_id == store_id)
        .with_for_update(),
    )


async def insert_cart(
    session: AsyncSession, store_id: uuid.UUID, token: str, *, now: datetime
) -> CartRow:
    cart = CartRow(new_id(), token, ())
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
    session: AsyncSession, cart_id: uuid.UUID, lines: Sequence[CartLine], *, now: datetime
) -> None:
    await session.execute(
        update(Cart)
        .where(Cart.id == cart_id)
        .values(lines=to_documents(tuple(lines)), version=Cart.version + 1, updated_at=now)
    )
