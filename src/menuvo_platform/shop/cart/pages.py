"""What the guest has chosen so far, and changing it."""

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.orders.carts import CartView, change_quantity, view_cart
from menuvo_platform.orders.pricing import QuantityInvalid, parse_quantity
from menuvo_platform.shop.cart.forms import read_line_form
from menuvo_platform.shop.cart.keeping import cart_token, keep_cart
from menuvo_platform.shop.cart.views import cart_page
from menuvo_platform.shop.limits import limit_changes
from menuvo_platform.shop.reception.answers import lead_on
from menuvo_platform.shop.venue import Venue, below_store
from menuvo_platform.web.forms import read_form
from menuvo_platform.web.platform import Platform

AnyRequest = Request[object, object, State]


@get(below_store("/cart"))
async def show_cart(
    request: AnyRequest,
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
    venue: NamedDependency[Venue],
) -> Response[str]:
    return _page(request, platform, venue, await _read_cart(request, session, platform, venue))


@post(below_store("/cart"), guards=[limit_changes])
async def change_cart(
    request: AnyRequest,
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
    venue: NamedDependency[Venue],
) -> Response[str]:
    form = read_line_form(await read_form(request))
    try:
        cart = await change_quantity(
            session,
            venue.store,
            form.line,
            parse_quantity(form.quantity),
            token=cart_token(request),
            reader=venue.reader,
            now=platform.clock(),
        )
    except QuantityInvalid as error:
        cart = await _read_cart(request, session, platform, venue)
        return _page(request, platform, venue, cart, problem=error)
    answer = lead_on(request, f"{venue.path}/cart")
    keep_cart(answer, request, platform, venue, cart)
    return answer


async def _read_cart(
    request: AnyRequest, session: AsyncSession, platform: Platform, venue: Venue
) -> CartView:
    return await view_cart(
        session,
        venue.store,
        token=cart_token(request),
        reader=venue.reader,
        now=platform.clock(),
    )


def _page(
    request: AnyRequest,
    platform: Platform,
    venue: Venue,
    cart: CartView,
    *,
    problem: QuantityInvalid | None = None,
) -> Response[str]:
    words = platform.renderer.catalogue(venue.language)
    answer = platform.renderer.page(
        "shop/cart.html",
        venue.language,
        status=problem.status if problem else 200,
        venue=venue,
        cart=cart_page(venue, cart, platform.clock(), words=words),
        problem=words.error(problem) if problem else None,
    )
    keep_cart(answer, request, platform, venue, cart)
    return answer
