import uuid
from datetime import date, datetime

import msgspec
from sqlalchemy import (
    UUID,
    Date,
    Text,
    bindparam,
    case,
    column,
    func,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.rows import fetch_all, fetch_one
from menuvo_platform.db.session import scope_of
from menuvo_platform.merchants.models import Merchant
from menuvo_platform.stores.hours import Slot, SpecialSlot
from menuvo_platform.stores.models import (
    OpeningSlot,
    RequestKey,
    ServicePoint,
    SpecialDay,
    Store,
    StoreCounter,
)
from menuvo_platform.stores.schemas import ServicePointView, StoreView, Turn


class Place(msgspec.Struct, frozen=True):
    """What a door of row-level security tells: a row, and the scope it is to be read in."""

    id: uuid.UUID
    merchant_id: uuid.UUID


async def find_store_place(session: AsyncSession, slug: str) -> Place | None:
    """Of an active store. Needs no scope."""
    door = func.find_store(slug).table_valued(
        column("store_id", UUID()), column("merchant_id", UUID())
    )
    return await fetch_one(session, Place, select(door.c.store_id.label("id"), door.c.merchant_id))


async def find_some_store_place(session: AsyncSession) -> Place | None:
    """Of whichever active store. Needs no scope."""
    stores = func.list_public_stores().table_valued(column("slug", Text()))
    door = (
        func.find_store(stores.c.slug)
        .table_valued(column("store_id", UUID()), column("merchant_id", UUID()))
        .lateral()
    )
    some = select(door.c.store_id.label("id"), door.c.merchant_id).select_from(
        stores.join(door, true())
    )
    return await fetch_one(session, Place, some.limit(1))


async def find_service_point_place(session: AsyncSession, token: str) -> Place | None:
    """Needs no scope."""
    door = func.find_service_point(token).table_valued(
        column("service_point_id", UUID()), column("merchant_id", UUID())
    )
    return await fetch_one(
        session, Place, select(door.c.service_point_id.label("id"), door.c.merchant_id)
    )


async def find_store(session: AsyncSession, store_id: uuid.UUID) -> StoreView | None:
    """Without its hours."""
    return await fetch_one(
        session,
        StoreView,
        select(
            Store.id,
            Store.merchant_id,
            Store.slug,
            Store.name,
            Store.tagline,
            Store.street,
            Store.postal_code,
            Store.city,
            Store.country,
            Store.phone,
            Store.email,
            Store.time_zone,
            Store.currency,
            Store.day_starts_at,
            Store.fulfilments,
            Store.pay_at_counter,
            Store.minutes_to_ready,
            Store.ordering_paused_until,
            Store.active,
            Store.menu_revision,
            Merchant.languages,
            Merchant.allergen_scheme,
        )
        .join(Merchant, Merchant.id == Store.merchant_id)
        .where(Store.id == store_id),
    )


async def hold_menu(session: AsyncSession, store_id: uuid.UUID) -> int | None:
    """The revision of the store's menu, which stays the last one until this transaction ends."""
    return await session.scalar(
        select(Store.menu_revision).where(Store.id == store_id).with_for_update(read=True)
    )


async def list_slots(session: AsyncSession, store_id: uuid.UUID) -> tuple[Slot, ...]:
    return await fetch_all(
        session,
        Slot,
        select(OpeningSlot.weekday, OpeningSlot.opens_minute, OpeningSlot.closes_minute)
        .where(OpeningSlot.store_id == store_id)
        .order_by(OpeningSlot.weekday, OpeningSlot.opens_minute),
    )


async def list_special_slots(
    session: AsyncSession, store_id: uuid.UUID, *, since: date
) -> tuple[SpecialSlot, ...]:
    return await fetch_all(
        session,
        SpecialSlot,
        select(SpecialDay.day, SpecialDay.opens_minute, SpecialDay.closes_minute)
        .where(SpecialDay.store_id == store_id, SpecialDay.day >= since)
        .order_by(SpecialDay.day, SpecialDay.opens_minute),
    )


async def find_service_point(
    session: AsyncSession, service_point_id: uuid.UUID
) -> ServicePointView | None:
    return await fetch_one(
        session,
        ServicePointView,
        select(
            ServicePoint.id,
            ServicePoint.store_id,
            Store.slug,
            ServicePoint.name,
            ServicePoint.zone,
            ServicePoint.token,
            ServicePoint.active,
        )
        .join(Store, Store.id == ServicePoint.store_id)
        .where(ServicePoint.id == service_point_id, Store.active),
    )


async def pause_ordering(
    session: AsyncSession, store_id: uuid.UUID, *, until: datetime | None
) -> bool:
    """False when there is no such store in scope."""
    paused = await session.execute(
        update(Store)
        .where(Store.id == store_id)
        .values(ordering_paused_until=until)
        .returning(Store.id)
    )
    return paused.first() is not None


async def read_revision(session: AsyncSession, store_id: uuid.UUID) -> int:
    """Of the last event that is committed."""
    found = await session.execute(
        select(StoreCounter.revision).where(StoreCounter.store_id == store_id)
    )
    return found.scalar_one()


async def take_revision(session: AsyncSession, store_id: uuid.UUID) -> int:
    taken = await session.execute(
        update(StoreCounter)
        .where(StoreCounter.store_id == store_id)
        .values(revision=StoreCounter.revision + 1)
        .returning(StoreCounter.revision)
    )
    return taken.scalar_one()


async def take_turn(session: AsyncSession, store_id: uuid.UUID, *, business_day: date) -> Turn:
    """Business days never run backwards here, although the clocks of two instances may differ: a
    number would be given twice."""
    day = bindparam("day", business_day, type_=Date())
    same_day = StoreCounter.business_day >= day
    turn = await fetch_one(
        session,
        Turn,
        update(StoreCounter)
        .where(StoreCounter.store_id == store_id)
        .values(
            revision=StoreCounter.revision + 1,
            business_day=func.greatest(StoreCounter.business_day, day),
            day_number=case((same_day, StoreCounter.day_number + 1), else_=1),
        )
        .returning(
            StoreCounter.revision,
            StoreCounter.business_day,
            StoreCounter.day_number.label("number"),
        ),
    )
    if turn is None:
        raise LookupError(f"store {store_id} has no counter row")
    return turn


async def insert_request_key(
    session: AsyncSession, store_id: uuid.UUID, key: str, *, digest: bytes
) -> bool:
    """False when it is there already. Waits for a transaction that is just inserting it."""
    inserted = await session.execute(
        insert(RequestKey)
        .values(store_id=store_id, key=key, merchant_id=scope_of(session), request_digest=digest)
        .on_conflict_do_nothing()
        .returning(RequestKey.key)
    )
    return inserted.first() is not None


async def find_request_digest(session: AsyncSession, store_id: uuid.UUID, key: str) -> bytes | None:
    return await session.scalar(
        select(RequestKey.request_digest).where(
            RequestKey.store_id == store_id, RequestKey.key == key
        )
    )


async def sweep_request_keys(session: AsyncSession, *, kept_hours: int, at_most: int) -> int:
    """How many old ones of all merchants were deleted. Needs no scope."""
    swept = await session.execute(
        text("SELECT sweep_request_keys(:kept_hours, :at_most)"),
        {"kept_hours": kept_hours, "at_most": at_most},
    )
    return msgspec.convert(swept.scalar_one(), int)
