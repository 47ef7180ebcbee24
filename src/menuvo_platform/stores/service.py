"""Finding stores and their tables, pausing, and the counter that orders a store's events."""

import uuid
from datetime import date, datetime, timedelta
from typing import ClassVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import after_commit, enter_scope
from menuvo_platform.errors import Invalid, NotFound
from menuvo_platform.ids import is_name
from menuvo_platform.merchants.service import record_change
from menuvo_platform.stores import queries
from menuvo_platform.stores.schemas import Announce, ServicePointView, StoreView, Turn

LONGEST_PAUSE_MINUTES = 24 * 60


class StoreUnknown(NotFound):
    code: ClassVar[str] = "store.unknown"


class TableUnknown(NotFound):
    code: ClassVar[str] = "table.unknown"


class TableInactive(NotFound):
    code: ClassVar[str] = "table.inactive"


class PauseTooLong(Invalid):
    code: ClassVar[str] = "store.pause_minutes"


async def find_store_by_slug(session: AsyncSession, slug: str, now: datetime) -> StoreView | None:
    """An active store; from here on the session is in the scope of its merchant."""
    place = await queries.find_store_place(session, slug) if is_name(slug) else None
    if place is None:
        return None
    await enter_scope(session, place.merchant_id)
    return await _find_store(session, place.id, now)


async def enter_some_store(session: AsyncSession) -> uuid.UUID | None:
    """Whichever active store, in the scope of its merchant; None while there is none."""
    place = await queries.find_some_store_place(session)
    if place is None:
        return None
    await enter_scope(session, place.merchant_id)
    return place.id


async def get_store_by_slug(session: AsyncSession, slug: str, now: datetime) -> StoreView:
    """As find_store_by_slug; raises StoreUnknown."""
    store = await find_store_by_slug(session, slug, now)
    if store is None:
        raise StoreUnknown
    return store


async def get_store(session: AsyncSession, store_id: uuid.UUID, now: datetime) -> StoreView:
    """A store of the merchant in scope, active or not; raises StoreUnknown."""
    store = await _find_store(session, store_id, now)
    if store is None:
        raise StoreUnknown
    return store


async def hold_store(session: AsyncSession, store: StoreView, now: datetime) -> StoreView:
    """The store as it is at last: it, its hours and its menu now stay as they are until the end of
    this transaction. Raises StoreUnknown.

    Whatever changes them raises the menu's revision, and so the row of the store: an edit under way
    is waited for and then seen by whatever is read next, a later one waits. Many may hold a store
    at once, but none of them may change it: two that tried would wait for each other.
    """
    revision = await queries.hold_menu(session, store.id)
    return store if revision == store.menu_revision else await get_store(session, store.id, now)


async def _find_store(
    session: AsyncSession, store_id: uuid.UUID, now: datetime
) -> StoreView | None:
    # The revision of the menu is read with the store and so before the menu: a page made of both
    # may be newer than its revision says, and is then made again, but it is never older.
    store = await queries.find_store(session, store_id)
    if store is None:
        return None
    yesterday = store.date_of(now) - timedelta(days=1)
    return msgspec.structs.replace(
        store,
        slots=await queries.list_slots(session, store_id),
        special=await queries.list_special_slots(session, store_id, since=yesterday),
    )


async def get_service_point(session: AsyncSession, token: str) -> ServicePointView:
    """The table of a printed code, and its scope; raises TableUnknown or TableInactive."""
    place = await queries.find_service_point_place(session, token) if is_name(token) else None
    if place is None:
        raise TableUnknown
    await enter_scope(session, place.merchant_id)
    service_point = await queries.find_service_point(session, place.id)
    if service_point is None:
        raise TableUnknown
    if not service_point.active:
        raise TableInactive(table=service_point.name, slug=service_point.slug)
    return service_point


async def find_service_point(
    session: AsyncSession, service_point_id: uuid.UUID
) -> ServicePointView | None:
    """Of the merchant in scope, active or not."""
    return await queries.find_service_point(session, service_point_id)


async def pause_ordering(
    session: AsyncSession,
    store_id: uuid.UUID,
    *,
    minutes: int,
    user_id: uuid.UUID,
    now: datetime,
    announce: Announce,
) -> datetime | None:
    """No orders for so many minutes from now; 0 takes orders again. Returns until when."""
    if not 0 <= minutes <= LONGEST_PAUSE_MINUTES:
        raise PauseTooLong(minutes=LONGEST_PAUSE_MINUTES)
    until = now + timedelta(minutes=minutes) if minutes else None
    if not await queries.pause_ordering(session, store_id, until=until):
        raise StoreUnknown
    await record_change(
        session,
        "store.ordering_paused" if until else "store.ordering_resumed",
        subject=("store", store_id),
        user_id=user_id,
        at=now,
        facts={"minutes": minutes},
    )
    after_commit(session, lambda: announce(store_id))
    return until


async def read_revision(session: AsyncSession, store_id: uuid.UUID) -> int:
    """Of the store's last event."""
    return await queries.read_revision(session, store_id)


async def take_revision(session: AsyncSession, store_id: uuid.UUID) -> int:
    """The place of an event among all events of the store.

    Take it last: until the commit, nobody else gets one, so that revisions become visible in their
    order and a reader that follows "after the last one I know" misses nothing.
    """
    return await queries.take_revision(session, store_id)


async def take_turn(session: AsyncSession, store_id: uuid.UUID, *, business_day: date) -> Turn:
    """A revision as above, and the next number of the business day, without gap or double."""
    return await queries.take_turn(session, store_id, business_day=business_day)
