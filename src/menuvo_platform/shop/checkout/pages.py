"""Checkout: an offer that the guest accepts with one button, once."""

from typing import cast

from litestar import Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.errors import DomainError
from menuvo_platform.orders.place import count_try, place_order
from menuvo_platform.shop.cart.keeping import cart_token, visit_token
from menuvo_platform.shop.checkout.forms import CheckoutForm, read_checkout_form
from menuvo_platform.shop.checkout.offers import Checkout
from menuvo_platform.shop.orders.views import order_address
from menuvo_platform.shop.reception.answers import lead_on
from menuvo_platform.shop.venue import Venue, below_store
from menuvo_platform.web.edge import raise_refusal
from menuvo_platform.web.forms import read_form
from menuvo_platform.web.logins import client_network
from menuvo_platform.web.platform import Platform, provide_platform

AnyRequest = Request[object, object, State]


async def limit_tries(
    connection: ASGIConnection[object, object, object, State], _: BaseRouteHandler
) -> None:
    """A guard, so that a try is counted before the transaction of the order takes a connection."""
    request = cast("AnyRequest", connection)
    await raise_refusal(request)
    await count_try(
        provide_platform(request.app.state).sessions,
        address=client_network(request),
        cart_token=cart_token(request),
        table_token=visit_token(request),
    )


@get(below_store("/checkout"))
async def open_checkout(
    request: AnyRequest,
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
    venue: NamedDependency[Venue],
) -> Response[str]:
    checkout = await Checkout.of(request, session, platform, venue)
    form = CheckoutForm(fulfilment=request.query_params.get("fulfilment", ""))
    return await checkout.offer(form)


@post(below_store("/checkout"), guards=[limit_tries])
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
