"""Imprint and privacy notice, made from what the restaurant says about itself."""

from litestar import Response, get
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.shop.legal.queries import get_business
from menuvo_platform.shop.venue import Venue, below_store
from menuvo_platform.web.rendering import Renderer


@get(below_store("/imprint"))
async def show_imprint(
    session: NamedDependency[AsyncSession],
    renderer: NamedDependency[Renderer],
    venue: NamedDependency[Venue],
) -> Response[str]:
    business = await get_business(session, venue.store.merchant_id)
    return renderer.page("shop/imprint.html", venue.language, venue=venue, business=business)


@get(below_store("/privacy"))
async def show_privacy(
    session: NamedDependency[AsyncSession],
    renderer: NamedDependency[Renderer],
    venue: NamedDependency[Venue],
) -> Response[str]:
    business = await get_business(session, venue.store.merchant_id)
    return renderer.page("shop/privacy.html", venue.language, venue=venue, business=business)
