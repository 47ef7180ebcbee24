"""The kitchen's board: what is to be cooked, and moving it on with one tap."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import after_commit
from menuvo_platform.kitchen import queries
from menuvo_platform.kitchen.schemas import Board, Tap, Ticket, TicketLine
from menuvo_platform.orders.moves import MoveNotAllowed, change_state
from menuvo_platform.orders.states import MOVES
from menuvo_platform.orders.tracking import OrderUnknown
from menuvo_platform.stores import service as stores
from menuvo_platform.stores.request_keys import take_request_key
from menuvo_platform.stores.schemas import Announce

DONE_FOR = timedelta(hours=1)
MOST_DONE = 20
# One look; whoever was away longer looks again after the last of these.
MOST_CHANGES = 200


async def read_board(session: AsyncSession, store_id: uuid.UUID, now: datetime) -> Board:
    """What is open, and what was completed within the last hour."""
    # The revision first: what happens in between is then told again and never missed. All tickets
    # at once: one that moves meanwhile stands in one place.
    revision = await stores.read_revision(session, store_id)
    found = await queries.list_board_tickets(session, store_id, done_since=now - DONE_FOR)
    tickets = await _with_lines(session, found)
    done = [ticket for ticket in tickets if ticket.state == "completed"]
    done.sort(key=lambda ticket: ticket.revision, reverse=True)
    return Board(
        revision,
        open=tuple(ticket for ticket in tickets if ticket.state != "completed"),
        done=tuple(done[:MOST_DONE]),
    )


async def list_orders_changed_after(
    session: AsyncSession, store_id: uuid.UUID, revision: int
) -> tuple[Ticket, ...]:
    """As they are now, in the order of their last events; the revision of the last one is where to
    go on. Cancelled and completed ones are among them."""
    changed = await queries.list_changed_tickets(
        session, store_id, after=revision, at_most=MOST_CHANGES
    )
    return await _with_lines(session, changed)


async def get_ticket(session: AsyncSession, store_id: uuid.UUID, order_id: uuid.UUID) -> Ticket:
    """Raises OrderUnknown."""
    ticket = await queries.find_ticket(session, store_id, order_id)
    if ticket is None:
        raise OrderUnknown
    return (await _with_lines(session, [ticket]))[0]


async def move_order(
    session: AsyncSession,
    store_id: uuid.UUID,
    tap: Tap,
    *,
    user_id: uuid.UUID,
    now: datetime,
    announce: Announce,
) -> int | None:
    """One step forward or back; returns the event's revision, or None for a repeated tap, wherever
    the order went meanwhile. Raises MoveNotAllowed, OrderUnknown, OrderMovedAlready,
    RequestKeyInvalid or RequestKeyUsed, and then nothing moved."""
    if MOVES.get((tap.from_state, tap.to_state)) not in {"forward", "back"}:
        raise MoveNotAllowed
    if tap.key is not None:
        step = ("move", str(tap.order_id), tap.from_state, tap.to_state)
        if not await take_request_key(session, store_id, tap.key, *step):
            return None
    revision = await change_state(
        session,
        store_id,
        tap.order_id,
        from_state=tap.from_state,
        to_state=tap.to_state,
        user_id=user_id,
        now=now,
    )
    after_commit(session, lambda: announce(store_id))
    return revision


async def _with_lines(session: AsyncSession, tickets: Sequence[Ticket]) -> tuple[Ticket, ...]:
    lines: defaultdict[uuid.UUID, list[TicketLine]] = defaultdict(list)
    if tickets:
        for line in await queries.list_lines(session, [ticket.id for ticket in tickets]):
            lines[line.order_id].append(line)
    return tuple(
        msgspec.structs.replace(ticket, lines=tuple(lines[ticket.id])) for ticket in tickets
    )
