"""An item with its choices, and putting it into the cart."""

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.errors import DomainError
from menuvo_platform.ids import new_token
from menuvo_platform.menus.schemas import MenuItem
from menuvo_platform.menus.service import get_item_by_handle
from menuvo_platform.orders.carts import add_to_cart
from menuvo_platform.orders.pricing import parse_quantity
from menuvo_platform.orders.schemas import choose
from menuvo_platform.shop.cart.keeping import cart_token, keep_cart
from menuvo_platform.shop.items.forms import ItemForm, read_item_form
from menuvo_platform.shop.items.views import (
    item_errors,
    item_view,
    preselected,
    total_cents,
)
from menuvo_platform.shop.limits import limit_changes
from menuvo_platform.shop.reception.answers import lead_on
from menuvo_platform.shop.venue import Venue, below_store
from menuvo_platform.web.formats import money
from menuvo_platform.web.forms import read_form
from menuvo_platform.web.platform import Platform

AnyRequest = Request[object, object, State]
NO_STORE = {"Cache-Control": "no-store"}


@get(below_store("/items/{handle:str}"))
async def show_item(
    handle: FromPath[str],
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
    venue: NamedDependency[Venue],
) -> Response[str]:
    item = await get_item_by_handle(session, venue.store.id, handle)
    return _page(platform, venue, item, preselected(item, platform.clock(), key=new_token()))


@post(below_store("/items/{handle:str}"), guards=[limit_changes])
async def add_item(
    handle: FromPath[str],
    request: AnyRequest,
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
    venue: NamedDependency[Venue],
) -> Response[str]:
    form = read_item_form(await read_form(request))
    item = await get_item_by_handle(session, venue.store.id, handle)
    try:
        choice = choose(
            item.handle,
            form.modifiers,
            quantity=parse_quantity(form.quantity),
            note=form.note,
        )
        cart = await add_to_cart(
            session,
            venue.store,
            choice,
            key=form.key,
            token=cart_token(request),
            reader=venue.reader,
            now=platform.clock(),
        )
    except DomainError as error:
        return _page(platform, venue, item, form, problem=error)
    answer = lead_on(request, f"{venue.path}/cart")
    keep_cart(answer, request, platform, venue, cart)
    return answer


@post(below_store("/items/{handle:str}/price"))
async def price_item(
    handle: FromPath[str],
    request: AnyRequest,
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
    venue: NamedDependency[Venue],
) -> Response[dict[str, str]]:
    """For the button, while the guest is choosing. What is charged is computed again."""
    form = read_item_form(await read_form(request))
    item = await get_item_by_handle(session, venue.store.id, handle)
    cents = total_cents(venue, item, form, platform.clock())
    shown = money(cents, venue.store.currency, venue.language)
    return Response({"price": shown}, status_code=200, headers=NO_STORE)


def _page(
    platform: Platform,
    venue: Venue,
    item: MenuItem,
    form: ItemForm,
    *,
    problem: DomainError | None = None,
) -> Response[str]:
    """With the input kept. What is wrong stands beside its field, or above all of them."""
    words = platform.renderer.catalogue(venue.language)
    errors = item_errors([problem], item, words) if problem else {}
    return platform.renderer.page(
        "shop/item.html",
        venue.language,
        status=problem.status if problem else 200,
        venue=venue,
        item=item_view(venue, item, form, platform.clock(), words=words),
        form=form,
        errors=errors,
    )
