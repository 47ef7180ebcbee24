import asyncio
import uuid
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.kitchen.schemas import Board, Ticket
from menuvo_platform.kitchen.service import get_ticket
from menuvo_platform.orders.models import Order, OrderEvent
from menuvo_platform.orders.moves import MoveNotAllowed, OrderMovedAlready
from menuvo_platform.orders.schemas import GuestWishes
from menuvo_platform.orders.tracking import OrderUnknown
from menuvo_platform.stores.service import take_revision
from tests.menuvo_platform import rows
from tests.menuvo_platform.kitchen.cooks import cook_of
from tests.menuvo_platform.locks import wait_until_somebody_waits
from tests.menuvo_platform.menus import dishes
from tests.menuvo_platform.orders.guests import NOW, Guest, seat


async def test_a_ticket_says_what_to_cook_and_for_whom(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    steak = await dishes.add_item(
        owner_sessions, guest.store, "Rumpsteak", 2400, kitchen_name="STEAK", allergens=["milk"]
    )
    group = await dishes.add_group(owner_sessions, guest.store, [steak])
    rare = await dishes.add_modifier(owner_sessions, guest.store, group, "Englisch")
    beer = await dishes.add_item(owner_sessions, guest.store, "Pils", 400, minimum_age=16)
    await guest.add(steak, rare, quantity=2, note="ohne Pfeffer")
    await guest.add(beer)
    quote = await guest.open_quote()
    placed = await guest.place(quote.token, wishes=GuestWishes("Kim", "Fenster", "Nüsse"))
    async with transaction(sessions, guest.store.merchant_id) as session:
        ticket = await get_ticket(session, guest.store.id, placed.id)
    assert (ticket.number, ticket.state, ticket.fulfilment) == (1, "confirmed", "dine_in")
    assert (ticket.service_point_name, ticket.guest_name) == ("Tisch 12", "Kim")
    assert (ticket.note, ticket.allergy_note, ticket.minimum_age) == ("Fenster", "Nüsse", 16)
    assert ticket.placed_at == NOW
    assert [
        (line.quantity, line.kitchen_name, line.modifier_names, line.note) for line in ticket.lines
    ] == [(2, "STEAK", ("Englisch",), "ohne Pfeffer"), (1, "Pils", (), "")]
    assert ticket.lines[0].allergens == ("milk",)


async def test_an_order_goes_forward_step_by_step_and_one_step_back(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    cook = await cook_of(sessions, owner_sessions, guest.store)
    order = await guest.order(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    path = ["confirmed", "preparing", "ready", "completed", "ready", "completed"]
    revisions = [await cook.move(order.id, before, after) for before, after in pairwise(path)]
    assert revisions == [2, 3, 4, 5, 6]
    assert cook.announced == [guest.store.id] * 5
    async with transaction(sessions, guest.store.merchant_id) as session:
        events = await session.execute(
            select(OrderEvent.revision, OrderEvent.from_state, OrderEvent.to_state)
            .where(OrderEvent.user_id == cook.user_id)
            .order_by(OrderEvent.revision)
        )
        assert [tuple(row) for row in events] == [
            (revision, before, after)
            for revision, (before, after) in zip(revisions, pairwise(path), strict=True)
        ]
        assert (await get_ticket(session, guest.store.id, order.id)).revision == 6


async def test_a_tap_that_came_too_late_changes_nothing(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    cook = await cook_of(sessions, owner_sessions, guest.store)
    order = await guest.order(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    outcomes = await asyncio.gather(
        *(cook.move(order.id, "confirmed", "preparing") for _ in range(10)),
        return_exceptions=True,
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, int)] == [2]
    assert sum(isinstance(outcome, OrderMovedAlready) for outcome in outcomes) == 9
    async with transaction(sessions, guest.store.merchant_id) as session:
        assert (await get_ticket(session, guest.store.id, order.id)).revision == 2
    assert (await cook.board()).revision == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("confirmed", "ready"),
        ("confirmed", "cancelled"),
        ("awaiting_payment", "confirmed"),
        ("confirmed", "no-such"),
        ("", ""),
    ],
)
async def test_the_board_moves_one_step_and_nothing_else(
    sessions: Sessions, owner_sessions: Sessions, before: str, after: str
) -> None:
    guest = await seat(sessions, owner_sessions)
    cook = await cook_of(sessions, owner_sessions, guest.store)
    order = await guest.order(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    with pytest.raises(MoveNotAllowed):
        await cook.move(order.id, before, after)


async def test_an_order_of_another_store_is_unknown(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    order = await guest.order(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    sister = await rows.add_store(owner_sessions, merchant_id=guest.store.merchant_id)
    for store in (sister, await rows.add_store(owner_sessions)):
        cook = await cook_of(sessions, owner_sessions, store)
        with pytest.raises(OrderUnknown):
            await cook.move(order.id, "confirmed", "preparing")
        assert await cook.board() == Board(0, (), ())
        assert await cook.changed_after(0) == ()
        async with transaction(sessions, store.merchant_id) as session:
            for order_id in (order.id, new_id()):
                with pytest.raises(OrderUnknown):
                    await get_ticket(session, store.id, order_id)


async def test_the_board_shows_what_waits_longest_first_and_what_was_done_lately(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    store = await rows.add_store(owner_sessions)
    cook = await cook_of(sessions, owner_sessions, store)
    soup = await dishes.add_item(owner_sessions, store, "Suppe", 600)
    orders = [await (await seat(sessions, owner_sessions, store)).order(soup) for _ in range(4)]
    await cook.move(orders[0].id, "confirmed", "preparing")
    for order in orders[1:3]:
        for before, after in (
            ("confirmed", "preparing"),
            ("preparing", "ready"),
            ("ready", "completed"),
        ):
            await cook.move(order.id, before, after)
    board = await cook.board()
    assert [(ticket.number, ticket.state) for ticket in board.open] == [
        (1, "preparing"),
        (4, "confirmed"),
    ]
    assert [ticket.number for ticket in board.done] == [3, 2]
    assert all(len(ticket.lines) == 1 for ticket in (*board.open, *board.done))
    assert board.revision == 4 + 1 + 6
    assert (await cook.board(minutes_later=61)).done == ()
    changed = await cook.changed_after(4)
    assert [(ticket.number, ticket.revision) for ticket in changed] == [(1, 5), (2, 8), (3, 11)]


async def test_an_order_that_is_not_paid_for_is_not_seen(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    guest = await seat(sessions, owner_sessions)
    cook = await cook_of(sessions, owner_sessions, guest.store)
    order = await guest.order(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    async with transaction(owner_sessions) as session:
        await session.execute(
            update(Order).where(Order.id == order.id).values(state="awaiting_payment")
        )
    assert await cook.board() == Board(1, (), ())
    assert await cook.changed_after(0) == ()


async def test_a_revision_is_seen_only_after_all_revisions_before_it(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    """Somebody holds the counter without committing: whoever comes next waits, and is not seen."""
    guest = await seat(sessions, owner_sessions)
    cook = await cook_of(sessions, owner_sessions, guest.store)
    order = await guest.order(await dishes.add_item(owner_sessions, guest.store, "Suppe", 600))
    async with transaction(sessions, guest.store.merchant_id) as holder:
        assert await take_revision(holder, guest.store.id) == 2
        tap = asyncio.create_task(cook.move(order.id, "confirmed", "preparing"))
        await wait_until_somebody_waits(owner_sessions)
        assert not tap.done()
        assert await cook.changed_after(1) == ()
        assert (await cook.board()).revision == 1
    assert await tap == 3
    assert [ticket.revision for ticket in await cook.changed_after(1)] == [3]


async def test_who_follows_the_last_revision_misses_nothing(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    """Guests order and cooks tap at the same time, while a board follows."""
    store = await rows.add_store(owner_sessions)
    cook = await cook_of(sessions, owner_sessions, store)
    soup = await dishes.add_item(owner_sessions, store, "Suppe", 600)
    guests = [await seat(sessions, owner_sessions, store) for _ in range(12)]
    events: list[int] = []
    shown: dict[uuid.UUID, Ticket] = {}
    finished = asyncio.Event()

    async def follow_events() -> None:
        last = 0
        while True:
            over = finished.is_set()
            async with transaction(sessions, store.merchant_id) as session:
                found = await session.scalars(
                    select(OrderEvent.revision)
                    .where(OrderEvent.store_id == store.id, OrderEvent.revision > last)
                    .order_by(OrderEvent.revision)
                )
                new = found.all()
            events.extend(new)
            last = new[-1] if new else last
            if over:
                return

    async def follow_tickets() -> None:
        last = 0
        while True:
            over = finished.is_set()
            for ticket in await cook.changed_after(last):
                assert ticket.revision > last
                shown[ticket.id] = ticket
                last = ticket.revision
            if over:
                return

    async def order_and_cook(guest: Guest) -> None:
        order = await guest.order(soup)
        for before, after in (("confirmed", "preparing"), ("preparing", "ready")):
            await cook.move(order.id, before, after)

    async with asyncio.TaskGroup() as group:
        group.create_task(follow_events())
        group.create_task(follow_tickets())
        await asyncio.gather(*(order_and_cook(guest) for guest in guests))
        finished.set()
    assert events == list(range(1, 37))
    board = await cook.board()
    assert {ticket.id: ticket for ticket in board.open} == shown
    assert {ticket.state for ticket in shown.values()} == {"ready"}
    assert sorted(ticket.number for ticket in shown.values()) == list(range(1, 13))
