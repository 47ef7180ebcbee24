"""Taking a dish off the menu from the kitchen, and putting it back."""

import uuid

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from menuvo_platform.console.board.views import StockLine, sold_out_first
from menuvo_platform.console.desk import Desk
from menuvo_platform.console.menu.pages import take_stock
from menuvo_platform.menus.service import read_menu
from menuvo_platform.translated import resolve

AnyRequest = Request[object, object, State]


@get("/sold-out")
async def show_stock(request: AnyRequest, desk: NamedDependency[Desk]) -> Response[str]:
    """A page of its own; within the board, htmx shows its list in a dialog."""
    template = "board_stock_list.html" if "hx-request" in request.headers else "board_stock.html"
    return desk.page("board", template, items=await _read_stock(desk))


@post("/sold-out/{item_id:uuid}", status_code=303)
async def change_stock(
    item_id: FromPath[uuid.UUID], request: AnyRequest, desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    await take_stock(item_id, request, desk)
    if "hx-request" in request.headers:
        return desk.page("board", "board_stock_list.html", items=await _read_stock(desk))
    return desk.go_to("/board/sold-out")


async def _read_stock(desk: Desk) -> tuple[StockLine, ...]:
    languages = desk.store.languages
    menu = await read_menu(desk.session, desk.store.id)
    return sold_out_first(
        [
            StockLine(
                id=item.id,
                name=item.kitchen_name or resolve(item.name, languages[0], languages),
                category=resolve(category.name, languages[0], languages),
                sold_out=item.sold_out_at(desk.now),
                sold_out_until=item.sold_out_until,
            )
            for category in menu.categories
            for item in category.items
        ]
    )
