"""Opening checkout: the cart becomes an offer that can be accepted once."""

from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.errors import NotFound, Refused
from menuvo_platform.ids import is_name, new_id, new_token
from menuvo_platform.orders import queries
from menuvo_platform.orders.acceptance import check_accepts, rates_at
from menuvo_platform.orders.carts import view_cart
from menuvo_platform.orders.schemas import Quote, Reader
from menuvo_platform.stores.schemas import ServicePointView, StoreView

VALID_FOR = timedelta(minutes=30)
SHORTEST_TIME_TO_DECIDE = timedelta(minutes=20)


class CartEmpty(Refused):
    code: ClassVar[str] = "order.cart_empty"


class QuoteUnknown(NotFound):
    """Forged, mistyped, or of another store."""

    code: ClassVar[str] = "order.quote_unknown"


async def open_quote(
    session: AsyncSession,
    store: StoreView,
    *,
    cart_token: str | None,
    service_point: ServicePointView | None,
    fulfilment: str,
    language: str,
    now: datetime,
) -> Quote:
    """Raises why the store takes no such order now, CartEmpty, or the cart's first problem. While
    nothing has changed it is the offer that was made before, unless that is ordered or about to
    expire: looking again writes nothing."""
    check_accepts(store, fulfilment, service_point, now=now)
    rates = rates_at(store, fulfilment, now)
    reader = Reader(language, store.languages)
    cart = await view_cart(session, store, token=cart_token, reader=reader, now=now)
    if cart.token is None or not cart.lines:
        raise CartEmpty
    if cart.problems:
        raise cart.problems[0]
    quote = Quote(
        id=new_id(),
        token=new_token(),
        cart_token=cart.token,
        service_point_id=service_point.id if service_point else None,
        fulfilment=fulfilment,
        language=language,
        lines=cart.priced,
        rates=dict(rates),
        expires_at=now + VALID_FOR,
    )
    before = await queries.find_open_quote(
        session, store.id, quote, valid_at=now + SHORTEST_TIME_TO_DECIDE
    )
    if before is not None and (before.lines, before.rates) == (quote.lines, quote.rates):
        return before
    await queries.insert_quote(session, store.id, quote)
    return quote


async def get_quote(session: AsyncSession, store: StoreView, token: str) -> Quote:
    """Expired or not; raises QuoteUnknown."""
    quote = await queries.find_quote(session, store.id, token) if is_name(token) else None
    if quote is None:
        raise QuoteUnknown
    return quote
