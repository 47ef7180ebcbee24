"""One order for whoever has its address: read whole, and what changed since a revision."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import transaction
from menuvo_platform.orders.schemas import TrackedOrder
from menuvo_platform.orders.tracking import find_change, get_tracked_order
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
        """Raises OrderUnknown for an address that is no order's of this store."""
        return self._page(await get_tracked_order(session, self.venue.store.id, self.token))

    async def read_change(self, after: int) -> OrderChange | None:
        """None when nothing is newer. Opens a transaction of its own, for streams: a request, which
        has one, must not wait for a second connection while it holds the first."""
        merchant_id = self.venue.store.merchant_id
        async with transaction(self.platform.sessions, merchant_id) as session:
            return await self.find_change(session, after)

    async def find_change(self, session: AsyncSession, after: int) -> OrderChange | None:
        """None when nothing is newer."""
        order = await find_change(session, self.venue.store.id, self.token, after=after)
        if order is None:
            return None
        page, language = self._page(order), self.venue.language
        return OrderChange(
            revision=order.revision,
            html=self.platform.renderer.render("shop/order_state.html", language, order=page),
            title=page.title,
        )

    def _page(self, order: TrackedOrder) -> OrderPage:
        words = self.platform.renderer.catalogue(self.venue.language)
        return order_page(self.venue, order, self.platform.clock(), words=words)
