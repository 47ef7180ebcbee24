"""Guards: what is tried too often is refused before its transaction takes a connection."""

from typing import cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from menuvo_platform.orders.limits import count_change, count_offer, count_order
from menuvo_platform.shop.cart.keeping import cart_token, visit_token
from menuvo_platform.web.edge import raise_refusal
from menuvo_platform.web.logins import client_network, platform_of

AnyRequest = Request[object, object, State]
AnyConnection = ASGIConnection[object, object, object, State]


async def limit_orders(connection: AnyConnection, _: BaseRouteHandler) -> None:
    request = cast("AnyRequest", connection)
    await raise_refusal(request)
    await count_order(
        platform_of(request).sessions,
        address=client_network(request),
        cart_token=cart_token(request),
        table_token=visit_token(request),
    )


async def limit_offers(connection: AnyConnection, _: BaseRouteHandler) -> None:
    request = cast("AnyRequest", connection)
    await count_offer(
        platform_of(request).sessions,
        address=client_network(request),
        cart_token=cart_token(request),
    )


async def limit_changes(connection: AnyConnection, _: BaseRouteHandler) -> None:
    request = cast("AnyRequest", connection)
    await raise_refusal(request)
    await count_change(
        platform_of(request).sessions,
        address=client_network(request),
        cart_token=cart_token(request),
    )
