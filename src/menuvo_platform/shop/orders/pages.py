"""The order's own page, for whoever has its address; it needs no cookie and no login."""

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.orders.carts import view_cart
from menuvo_platform.shop.cart.keeping import cart_token, keep_cart
from menuvo_platform.shop.orders.following import Follower, OrderChange
from menuvo_platform.shop.orders.views import UNHEARD, unheard_wishes
from menuvo_platform.shop.venue import Venue, below_store
from menuvo_platform.web.platform import Platform
from menuvo_platform.web.sse import event_stream, last_revision, polled

AnyRequest = Request[object, object, State]


@get(below_store("/orders/{token:str}"))
async def show_order(
    token: FromPath[str],
    request: AnyRequest,
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
    venue: NamedDependency[Venue],
) -> Response[str]:
    order = await Follower(platform, venue, token).read_page(session)
    address = f"{venue.path}/orders/{token}"
    words = platform.renderer.catalogue(venue.language)
    answer = platform.renderer.page(
        "shop/order.html",
        venue.language,
        venue=venue,
        order=order,
        address=address,
        unheard=unheard_wishes(order, request.query_params.getall(UNHEARD, []), words),
    )
    if kept := cart_token(request):
        # What was just ordered is no longer in the cart, and the bar below the menu must know.
        cart = await view_cart(
            session, venue.store, token=kept, reader=venue.reader, now=platform.clock()
        )
        keep_cart(answer, request, platform, venue, cart)
    return answer


@get(below_store("/orders/{token:str}/events"))
async def stream_order(
    token: FromPath[str],
    request: AnyRequest,
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
    venue: NamedDependency[Venue],
) -> Stream:
    follower = Follower(platform, venue, token)
    await follower.read_page(session)  # who has no order gets no stream
    return event_stream(platform, venue.store.id, follower.read_change, last_revision(request))


@get(below_store("/orders/{token:str}/changes"))
async def poll_order(
    token: FromPath[str],
    request: AnyRequest,
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
    venue: NamedDependency[Venue],
) -> Response[OrderChange | None]:
    follower = Follower(platform, venue, token)
    return polled(await follower.find_change(session, last_revision(request)))
