"""The cart in the guest's browser: its token, and what the bar at the bottom says."""

from litestar import Request, Response
from litestar.datastructures import State

from menuvo_platform.orders.carts import CartView
from menuvo_platform.shop.cookies import CART, VISIT, GuestCookies
from menuvo_platform.shop.venue import Venue
from menuvo_platform.web.formats import money
from menuvo_platform.web.platform import Platform

AnyRequest = Request[object, object, State]


def cart_token(request: AnyRequest) -> str | None:
    return request.cookies.get(CART)


def visit_token(request: AnyRequest) -> str | None:
    """The token of the table whose code the guest scanned."""
    return request.cookies.get(VISIT)


def keep_cart(
    answer: Response[str], request: AnyRequest, platform: Platform, venue: Venue, cart: CartView
) -> None:
    """The language goes with it: who orders in one reads the next menu in it too."""
    cookies = GuestCookies(answer, venue.store, secure=platform.settings.cookies_secure)
    if cart.token is not None and cart.lines:
        totals = cart.totals
        shown = money(totals.total_cents, venue.store.currency, venue.language)
        cookies.keep_cart(cart.token, totals.pieces, shown)
        cookies.keep_language(venue.language)
    elif cart_token(request):
        cookies.forget_cart()
