"""A tap whose answer was lost is sent again, and counts once."""

import asyncio

import pytest
from sqlalchemy import func, select, text, update

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id, new_token
from menuvo_platform.kitchen.schemas import Tap
from menuvo_platform.kitchen.service import get_ticket
from menuvo_platform.orders.moves import OrderMovedAlready
from menuvo_platform.orders.schemas import PlacedOrder
from menuvo_platform.orders.tracking import OrderUnknown
from menuvo_platform.stores.models import RequestKey
from menuvo_platform.stores.request_keys import (
    KEPT_HOURS,
    RequestKeyInvalid,
    RequestKeyUsed,
    sweep_request_keys,
)
from menuvo_platform.stores.service import take_revision
from tests.menuvo_platform.kitchen.cooks import Cook, cook_of
from tests.menuvo_platform.locks import wait_until_somebody_waits
from tests.menuvo_platform.menus import dishes
from tests.menuvo_platform.orders.guests import seat

START = ("confirmed", "preparing")
UNDO = ("preparing", "confirmed")


async def at_work(sessions: Sessions, owner_sessions: Sessions) -> tuple[Cook, PlacedOrder]:
    guest = await seat(sessions, owner_sessions)
    cook = await cook_of(sessions, owner_sessions, guest.store)
    return cook, await guest.order(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))


async def state_of(cook: Cook, order: PlacedOrder) -> str:
    async with transaction(cook.sessions, cook.store.merchant_id) as session:
        return (await get_ticket(session, cook.store.id, order.id)).state


async def keys_of(cook: Cook) -> int | None:
    async with transaction(cook.sessions, cook.store.merchant_id) as session:
        return await session.scalar(
            select(func.count()).where(RequestKey.store_id == cook.store.id)
        )


async def test_a_repeated_tap_moves_nothing_although_somebody_moved_the_order_back(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    cook, order = await at_work(sessions, owner_sessions)
    key = new_token()
    assert await cook.move(order.id, *START, key=key) == 2
    assert await cook.move(order.id, *UNDO, key=new_token()) == 3
    assert await cook.move(order.id, *START, key=key) is None
    assert await state_of(cook, order) == "confirmed"
    assert len(cook.announced) == 2


async def test_a_repeated_undo_moves_nothing_although_the_order_went_forward_again(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    cook, order = await at_work(sessions, owner_sessions)
    key = new_token()
    await cook.move(order.id, *START)
    assert await cook.move(order.id, *UNDO, key=key) == 3
    await cook.move(order.id, *START)
    assert await cook.move(order.id, *UNDO, key=key) is None
    assert await state_of(cook, order) == "preparing"


async def test_a_repeat_waits_for_the_first_that_is_still_under_way(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    """Somebody holds the counter, so the first tap has its key and cannot commit yet."""
    cook, order = await at_work(sessions, owner_sessions)
    key = new_token()
    async with transaction(sessions, cook.store.merchant_id) as holder:
        await take_revision(holder, cook.store.id)
        first = asyncio.create_task(cook.move(order.id, *START, key=key))
        await wait_until_somebody_waits(owner_sessions)
        repeat = asyncio.create_task(cook.move(order.id, *START, key=key))
        await wait_until_somebody_waits(owner_sessions, people=2)
        assert not first.done()
        assert not repeat.done()
    assert (await first, await repeat) == (3, None)
    assert cook.announced == [cook.store.id]


async def test_a_repeat_takes_the_place_of_a_first_that_was_rolled_back(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    cook, order = await at_work(sessions, owner_sessions)
    key = new_token()
    async with transaction(sessions, cook.store.merchant_id) as holder:
        await take_revision(holder, cook.store.id)
        first = asyncio.create_task(cook.move(order.id, *START, key=key))
        await wait_until_somebody_waits(owner_sessions)
        repeat = asyncio.create_task(cook.move(order.id, *START, key=key))
        await wait_until_somebody_waits(owner_sessions, people=2)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
    assert await repeat == 3
    assert await state_of(cook, order) == "preparing"


async def test_a_tap_that_came_too_late_stays_too_late(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    cook, order = await at_work(sessions, owner_sessions)
    key = new_token()
    await cook.move(order.id, *START)
    async with transaction(sessions, cook.store.merchant_id) as session:
        with pytest.raises(OrderMovedAlready):
            await cook.tap(session, Tap(order.id, *START, key))
    await cook.move(order.id, *UNDO)
    assert await cook.move(order.id, *START, key=key) is None
    assert await state_of(cook, order) == "confirmed"


async def test_a_key_that_stands_for_another_tap_is_refused(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    cook, order = await at_work(sessions, owner_sessions)
    key = new_token()
    await cook.move(order.id, *START, key=key)
    for order_id, move in ((order.id, UNDO), (order.id, ("preparing", "ready")), (new_id(), START)):
        with pytest.raises(RequestKeyUsed):
            await cook.move(order_id, *move, key=key)
    assert await state_of(cook, order) == "preparing"


@pytest.mark.parametrize("key", ["", " ", "a b", "ü", "x" * 256])
async def test_a_key_that_is_none_is_refused(
    sessions: Sessions, owner_sessions: Sessions, key: str
) -> None:
    cook, order = await at_work(sessions, owner_sessions)
    with pytest.raises(RequestKeyInvalid):
        await cook.move(order.id, *START, key=key)
    assert await state_of(cook, order) == "confirmed"


async def test_a_tap_on_an_order_that_is_not_there_leaves_no_key(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    cook, _ = await at_work(sessions, owner_sessions)
    with pytest.raises(OrderUnknown):
        await cook.move(new_id(), *START, key=new_token())
    assert await keys_of(cook) == 0


async def test_each_store_has_keys_of_its_own_and_nobody_sees_those_of_others(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    key = new_token()
    for _ in range(2):
        cook, order = await at_work(sessions, owner_sessions)
        assert await cook.move(order.id, *START, key=key) == 2
        async with transaction(sessions, cook.store.merchant_id) as session:
            assert (await session.scalars(select(RequestKey.store_id))).all() == [cook.store.id]


async def test_keys_are_kept_for_two_days(sessions: Sessions, owner_sessions: Sessions) -> None:
    left: list[int | None] = []
    for hours in (KEPT_HOURS - 1, KEPT_HOURS + 1):
        cook, order = await at_work(sessions, owner_sessions)
        await cook.move(order.id, *START, key=new_token())
        async with transaction(owner_sessions) as session:
            await session.execute(
                update(RequestKey)
                .where(RequestKey.store_id == cook.store.id)
                .values(created_at=func.now() - text(f"interval '{hours} hours'"))
            )
        await sweep_request_keys(sessions)
        left.append(await keys_of(cook))
    assert left == [1, 0]
    assert await sweep_request_keys(sessions) == 0
