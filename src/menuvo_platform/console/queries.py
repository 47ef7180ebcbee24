import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.rows import fetch_all, fetch_one
from menuvo_platform.merchants.models import Merchant
from menuvo_platform.stores.models import Store


@dataclass(frozen=True, slots=True)
class StoreRow:
    """What every page of a store needs to know of it."""

    id: uuid.UUID
    merchant_id: uuid.UUID
    slug: str
    name: str
    city: str
    time_zone: str
    currency: str
    day_starts_at: int
    minutes_to_ready: int
    languages: list[str]


_STORES = (
    select(
        Store.id,
        Store.merchant_id,
        Store.slug,
        Store.name,
        Store.city,
        Store.time_zone,
        Store.currency,
        Store.day_starts_at,
        Store.minutes_to_ready,
        Merchant.languages,
    )
    .join(Merchant, Merchant.id == Store.merchant_id)
    .order_by(Store.name, Store.id)
)


async def find_store(session: AsyncSession, store_id: uuid.UUID) -> StoreRow | None:
    return await fetch_one(session, StoreRow, _STORES.where(Store.id == store_id))


async def list_stores(session: AsyncSession) -> tuple[StoreRow, ...]:
    """The stores of the merchant in scope."""
    return await fetch_all(session, StoreRow, _STORES)
