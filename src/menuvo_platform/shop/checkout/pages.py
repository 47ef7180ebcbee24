"""Checkout: an offer that the guest accepts with one button, once."""

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.errors import DomainError
from menuvo_platform.orders.place import place_order
from menuvo_platform.shop.checkout.forms import CheckoutForm, read_checkout_form
from menuvo_platform.shop.checkout.offers import Checkout
from menuvo_platform.shop.limits import limit_offers, limit_orders
from menuvo_platform.shop.orders.views import order_address
from menuvo_platform.shop.reception.answers import lead_on
from menuvo_platform.shop.venue import Venue, below_store
from menuvo_platform.web.forms import read_form
from menuvo_platform.web.platform import Platform

AnyRequest = Request[object, object, State]


@get(below_store("/checkout"), guards=[limit_offers])
async def open_checkout(
    request: AnyRequest,
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
    venue: NamedDependency[Venue],
) -> Response[str]:
    checkout = await Checkout.of(request, session, platform, venue)
    form = CheckoutForm(fulfilment=request.query_params.get("fulfilment", ""))
    return await checkout.offer(form)


@post(below_store("/checkout"), guards=[limit_orders])
async def place(
    request: AnyRequest,
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
    venue: NamedDependency[Venue],
) -> Response[str]:
    form = read_checkout_form(await read_form(request))
    try:
        order = await place_order(
            session,
            venue.store,
            form.quote,
            wishes=form.wishes,
            now=platform.clock(),
            announce=platform.feed.announce,
        )
    except DomainError as problem:
        checkout = await Checkout.of(request, session, platform, venue)
        return await checkout.offer(form, problem=problem)
    return lead_on(request, order_address(venue, order))
