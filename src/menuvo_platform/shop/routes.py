"""Every address of the Shop."""

from litestar import Router
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from menuvo_platform.shop.cart.pages import change_cart, show_cart
from menuvo_platform.shop.checkout.pages import open_checkout, place
from menuvo_platform.shop.items.pages import add_item, price_item, show_item
from menuvo_platform.shop.legal.pages import show_imprint, show_privacy
from menuvo_platform.shop.menu.pages import leave_first_language
from menuvo_platform.shop.orders.pages import poll_order, show_order, stream_order
from menuvo_platform.shop.reception.pages import serve_worker, show_unreachable
from menuvo_platform.shop.stores.pages import find_stores
from menuvo_platform.shop.tables.pages import open_table
from menuvo_platform.shop.venue import provide_venue
from menuvo_platform.web.forms import read_form_first
from menuvo_platform.web.media import serve_picture

VENUE = Router(
    "/",
    route_handlers=[
        leave_first_language,
        show_item,
        add_item,
        price_item,
        show_cart,
        change_cart,
        open_checkout,
        place,
        show_order,
        stream_order,
        poll_order,
        show_imprint,
        show_privacy,
        show_unreachable,
    ],
    dependencies={"venue": Provide(provide_venue)},
    before_request=read_form_first,
)

SHOP: list[ControllerRouterHandler] = [
    find_stores,
    open_table,
    serve_picture,
    serve_worker,
    VENUE,
]
