"""What changed on a board since a revision, for the stream and for whoever polls."""

from dataclasses import dataclass

import msgspec

from menuvo_platform.accounts.roles import Right
from menuvo_platform.accounts.service import find_person
from menuvo_platform.console.access import Access, find_access
from menuvo_platform.console.board.views import COLUMNS, TicketWriter, goes_back
from menuvo_platform.console.frame import store_address
from menuvo_platform.db.session import transaction
from menuvo_platform.errors import Forbidden, LoginNeeded
from menuvo_platform.kitchen import service as kitchen
from menuvo_platform.kitchen.schemas import Ticket
from menuvo_platform.web.logins import SignedIn
from menuvo_platform.web.platform import Platform
from menuvo_platform.web.sse import Change


class ChangedTicket(msgspec.Struct, frozen=True):
    """`html` is empty for a ticket that is off the board."""

    id: str
    state: str
    html: str


class BoardChange(Change, frozen=True, kw_only=True):
    tickets: tuple[ChangedTicket, ...]


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody who watches the board of a store."""

    platform: Platform
    access: Access

    async def read_change(self, after: int) -> BoardChange | None:
        """None when nothing is newer. Opens a transaction of its own."""
        store = self.access.store
        async with transaction(self.platform.sessions, store.merchant_id) as session:
            changed = await kitchen.list_orders_changed_after(session, store.id, after)
        return self.change_of(*changed) if changed else None

    def change_of(self, *tickets: Ticket) -> BoardChange:
        """In the order of their revisions."""
        writer = self.writer()
        return BoardChange(
            revision=tickets[-1].revision,
            tickets=tuple(self._draw(ticket, writer) for ticket in tickets),
        )

    def writer(self) -> TicketWriter:
        return TicketWriter(
            base=store_address(self.access),
            minutes_to_ready=self.access.store.minutes_to_ready,
            catalogue=self.platform.renderer.catalogue(self.access.language),
            now=self.platform.clock(),
        )

    async def recheck(self) -> None:
        """Raises LoginNeeded, NotFound or Forbidden when the person may not watch any more."""
        platform, signed_in = self.platform, self.access.signed_in
        now = platform.clock()
        person = await find_person(platform.sessions, signed_in.token, now)
        if person is None:
            raise LoginNeeded
        again = SignedIn(person, signed_in.token, signed_in.csrf)
        access = await find_access(platform.sessions, again, self.access.store.id, now)
        if not access.may(Right.BOARD):
            raise Forbidden

    def _draw(self, ticket: Ticket, writer: TicketWriter) -> ChangedTicket:
        if ticket.state not in COLUMNS:
            return ChangedTicket(str(ticket.id), ticket.state, html="")
        html = self.platform.renderer.render(
            "console/board_ticket.html",
            self.access.language,
            ticket=writer.write(ticket),
            goes_back=goes_back,
            csrf_token=self.access.signed_in.csrf,
        )
        return ChangedTicket(str(ticket.id), ticket.state, html)
