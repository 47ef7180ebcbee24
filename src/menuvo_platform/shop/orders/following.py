"""One order for whoever has its address: read whole, and what changed since a revision."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import transaction
from menuvo_platform.errors import NotFound
from menuvo_platform.ids import is_name
from menuvo_platform.shop.orders import queries
from menuvo_platform.shop.orders.queries import FollowedOrder
from menuvo_platform.shop.orders.views import OrderPage, order_page
from menuvo_platform.shop.venue import Venue
from menuvo_platform.web.platform import Platform
from menuvo_platform.web.sse import Change


class OrderChange(Change, frozen=True, kw_only=True):
    """The part of the page that changes, and the title of the page."""

    html: str
    title: str


@dataclass(frozen=True, slots=True)
class Follower:
    platform: Platform
    venue: Venue
    token: str

    async def read_page(self, session: AsyncSession) -> OrderPage:
        """Raises NotFound for an address that is no order's of this store."""
        return await self._page(session, await self.get_order(session))

    async def get_order(self, session: AsyncSession) -> FollowedOrder:
        store_id = self.venue.store.id
        known = is_name(self.token)
        order = await queries.find_order(session, store_id, self.token) if known else None
        if order is None:
            raise NotFound
        return order

    async def read_change(self, after: int) -> OrderChange | None:
        """None when nothing is newer. Opens a transaction of its own."""
        merchant_id = self.venue.store.merchant_id
        async with transaction(self.platform.sessions, merchant_id) as session:
            order = await self.get_order(session)
            if order.revision <= after:
                return None
            page = await self._page(session, order)
        language, renderer = self.venue.language, self.platform.renderer
        return OrderChange(
            revision=order.revision,
            html=renderer.render("shop/order_state.html", language, venue=self.venue, order=page),
            title=page.title,
        )

    async def _page(self, session: AsyncSession, order: FollowedOrder) -> OrderPage:
        return order_page(
            self.venue,
            order,
            lines=await queries.list_lines(session, order.id),
            taxes=await queries.list_taxes(session, order.id),
            events=await queries.list_events(session, order.id),
            now=self.platform.clock(),
            words=self.platform.renderer.catalogue(self.venue.language),
        )
