import uuid

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from menuvo_platform.console.desk import Desk
from menuvo_platform.console.menu import queries
from menuvo_platform.console.menu.forms import PriceUnreadable, read_price_form, sold_out_until
from menuvo_platform.console.menu.queries import ItemRow
from menuvo_platform.console.menu.views import CategoryLines, ItemLine, category_lines, item_line
from menuvo_platform.images.addresses import media_base
from menuvo_platform.menus.editing.service import ItemChanged, change_price
from menuvo_platform.menus.service import ItemUnknown, mark_available, mark_sold_out
from menuvo_platform.web.forms import read_form

AnyRequest = Request[object, object, State]


@get("/")
async def show_menu(desk: NamedDependency[Desk]) -> Response[str]:
    return desk.page("menu", "menu.html", categories=await _read_menu(desk))


@post("/{item_id:uuid}/price", status_code=303)
async def save_price(
    item_id: FromPath[uuid.UUID], request: AnyRequest, desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    form = read_price_form(await read_form(request))
    try:
        await change_price(
            desk.session,
            desk.store.id,
            item_id,
            price_cents=form.cents(),
            version=form.version,
            user_id=desk.user_id,
            now=desk.now,
            announce=desk.announce,
        )
    except PriceUnreadable as error:
        sentence = desk.catalogue.field_errors(error)["price"]
        line = (await read_line(desk, item_id)).refused(form.price, sentence)
        return await _show_problem(request, desk, line, error.status)
    except ItemChanged as error:
        line = (await read_line(desk, item_id)).changed_meanwhile(form.price)
        return await _show_problem(request, desk, line, error.status)
    return await _show_done(request, desk, item_id)


@post("/{item_id:uuid}/sold-out", status_code=303)
async def change_stock(
    item_id: FromPath[uuid.UUID], request: AnyRequest, desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    await take_stock(item_id, request, desk)
    return await _show_done(request, desk, item_id)


async def take_stock(item_id: uuid.UUID, request: AnyRequest, desk: Desk) -> None:
    """Off the menu until the next business day (`until=tomorrow`) or until it is undone
    (`until=undone`); anything else puts the item back."""
    form = await read_form(request)
    if form.text("until") in {"tomorrow", "undone"}:
        await mark_sold_out(
            desk.session,
            desk.store.id,
            item_id,
            until=sold_out_until(form, desk.store, desk.now),
            user_id=desk.user_id,
            now=desk.now,
            announce=desk.announce,
        )
    else:
        await mark_available(
            desk.session,
            desk.store.id,
            item_id,
            user_id=desk.user_id,
            now=desk.now,
            announce=desk.announce,
        )


async def read_line(desk: Desk, item_id: uuid.UUID) -> ItemLine:
    """Raises ItemUnknown."""
    item = await queries.find_item(desk.session, desk.store.id, item_id)
    if item is None:
        raise ItemUnknown
    return _line(desk, item)


async def _read_menu(desk: Desk, instead: ItemLine | None = None) -> tuple[CategoryLines, ...]:
    """All rows; `instead` takes the place of the same item's row."""
    categories = await queries.list_categories(desk.session, desk.store.id)
    items = await queries.list_items(desk.session, desk.store.id)
    lines = {item.id: _line(desk, item) for item in items}
    if instead is not None:
        lines[instead.id] = instead
    return category_lines(categories, [(item, lines[item.id]) for item in items], desk.store)


def _line(desk: Desk, item: ItemRow) -> ItemLine:
    media = media_base(desk.platform.settings)
    return item_line(item, desk.store, desk.language, desk.now, media=media)


async def _show_done(
    request: AnyRequest, desk: Desk, item_id: uuid.UUID
) -> Response[str] | Redirect:
    if _by_htmx(request):
        return desk.page("menu", "menu_row.html", line=await read_line(desk, item_id))
    return desk.go_to(f"/menu#item-{item_id}")


async def _show_problem(
    request: AnyRequest, desk: Desk, line: ItemLine, status: int
) -> Response[str]:
    """The row, or the whole page, with what was entered and what is wrong with it."""
    if _by_htmx(request):
        return desk.page("menu", "menu_row.html", status=status, line=line)
    categories = await _read_menu(desk, instead=line)
    return desk.page("menu", "menu.html", status=status, categories=categories)


def _by_htmx(request: AnyRequest) -> bool:
    return "hx-request" in request.headers
