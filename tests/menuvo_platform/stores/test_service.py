import asyncio
import uuid
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from menuvo_platform.db.session import Sessions, scope_of, transaction
from menuvo_platform.ids import new_id, new_token
from menuvo_platform.merchants.models import AuditEntry
from menuvo_platform.stores.models import SpecialDay, Store
from menuvo_platform.stores.service import (
    PauseTooLong,
    StoreUnknown,
    TableInactive,
    TableUnknown,
    find_store_by_slug,
    get_service_point,
    get_store,
    get_store_by_slug,
    pause_ordering,
    read_revision,
    take_turn,
)
from tests.menuvo_platform import rows

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)


async def test_a_store_is_found_by_its_address_and_its_scope_is_entered(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    await rows.add_store(owner_sessions)
    async with transaction(sessions) as session:
        store = await find_store_by_slug(session, ours.slug, NOW)
        assert store is not None
        assert (store.id, store.languages, store.currency) == (ours.id, ("de", "en"), "EUR")
        assert store.opening_at(NOW).open
        assert scope_of(session) == ours.merchant_id
        assert (await session.scalars(select(Store.id))).all() == [ours.id]


async def test_special_days_of_the_past_are_not_read(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    async with transaction(owner_sessions) as session:
        for days in (-2, -1, 3):
            day = TODAY + timedelta(days=days)
            keys = {"id": new_id(), "merchant_id": ours.merchant_id, "store_id": ours.id}
            await session.execute(insert(SpecialDay).values(**keys, day=day))
    async with transaction(sessions) as session:
        store = await get_store_by_slug(session, ours.slug, NOW)
    assert [slot.day for slot in store.special] == [date(2026, 11, 23), date(2026, 11, 27)]
    assert store.opening_at(NOW).changes_at == datetime(2026, 11, 26, 23, tzinfo=UTC)


async def test_an_unknown_or_inactive_store_is_not_found(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    inactive = await rows.add_store(owner_sessions, active=False)
    theirs = await rows.add_store(owner_sessions)
    async with transaction(sessions) as session:
        assert await find_store_by_slug(session, inactive.slug, NOW) is None
        for slug in ("no-such-store", "nul\x00", "half-\ud800", "", "x" * 10_000):
            with pytest.raises(StoreUnknown):
                await get_store_by_slug(session, slug, NOW)
    async with transaction(sessions, inactive.merchant_id) as session:
        assert not (await get_store(session, inactive.id, NOW)).active
        with pytest.raises(StoreUnknown):
            await get_store(session, theirs.id, NOW)


async def test_a_table_code_leads_to_its_store_and_scope(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    token = await rows.add_table(owner_sessions, ours)
    async with transaction(sessions) as session:
        table = await get_service_point(session, token)
        assert (table.store_id, table.slug, table.name) == (ours.id, ours.slug, "Tisch 12")
        assert scope_of(session) == ours.merchant_id


async def test_a_table_code_that_is_unknown_or_revoked_says_which(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    revoked = await rows.add_table(owner_sessions, ours, active=False)
    closed = await rows.add_store(owner_sessions, active=False)
    gone = await rows.add_table(owner_sessions, closed)
    for token in (new_token(), gone, "", "nul\x00"):
        async with transaction(sessions) as session:
            with pytest.raises(TableUnknown):
                await get_service_point(session, token)
    async with transaction(sessions) as session:
        with pytest.raises(TableInactive) as caught:
            await get_service_point(session, revoked)
    assert caught.value.facts == {"table": "Tisch 12", "slug": ours.slug}


async def test_ordering_is_paused_for_minutes_and_somebody_did_it(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    user_id = await rows.add_user(owner_sessions)
    told: list[uuid.UUID] = []

    async def announce(store_id: uuid.UUID) -> None:
        told.append(store_id)

    async def pause(minutes: int) -> None:
        async with transaction(sessions, ours.merchant_id) as session:
            await pause_ordering(
                session, ours.id, minutes=minutes, user_id=user_id, now=NOW, announce=announce
            )
            told.append(ours.merchant_id)  # nothing is announced before the commit

    await pause(30)
    async with transaction(sessions, ours.merchant_id) as session:
        store = await get_store(session, ours.id, NOW)
        assert store.paused_at(NOW + timedelta(minutes=29))
        assert not store.paused_at(NOW + timedelta(minutes=30))
    await pause(0)
    async with transaction(sessions, ours.merchant_id) as session:
        assert not (await get_store(session, ours.id, NOW)).paused_at(NOW)
        entries = await session.execute(select(AuditEntry.action, AuditEntry.user_id))
        assert entries.all() == [
            ("store.ordering_paused", user_id),
            ("store.ordering_resumed", user_id),
        ]
    assert told == [ours.merchant_id, ours.id] * 2
    with pytest.raises(PauseTooLong):
        await pause(1441)


async def test_turns_of_a_day_have_neither_gap_nor_double(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)

    async def take(give_up: bool) -> int | None:
        with suppress(ZeroDivisionError):
            async with transaction(sessions, ours.merchant_id) as session:
                turn = await take_turn(session, ours.id, business_day=TODAY)
                if give_up:
                    raise ZeroDivisionError
            return turn.number
        return None

    taken = await asyncio.gather(*(take(give_up=n % 3 == 0) for n in range(30)))
    assert sorted(number for number in taken if number) == list(range(1, 21))
    async with transaction(sessions, ours.merchant_id) as session:
        assert await read_revision(session, ours.id) == 20


async def test_numbers_start_again_with_the_business_day_and_days_never_run_backwards(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    async with transaction(sessions, ours.merchant_id) as session:
        turns = [
            await take_turn(session, ours.id, business_day=day)
            for day in (TODAY, TODAY, TOMORROW, TODAY, TOMORROW)
        ]
    assert [(turn.business_day, turn.number) for turn in turns] == [
        (TODAY, 1),
        (TODAY, 2),
        (TOMORROW, 1),
        (TOMORROW, 2),
        (TOMORROW, 3),
    ]
    assert [turn.revision for turn in turns] == [1, 2, 3, 4, 5]
