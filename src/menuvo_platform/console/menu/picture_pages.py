"""One item with its picture: a page of its own, as an upload takes a moment."""

import uuid

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from menuvo_platform.console.desk import Desk
from menuvo_platform.console.menu.forms import read_picture
from menuvo_platform.console.menu.pages import read_line
from menuvo_platform.errors import Invalid, NoRoom, TooLarge
from menuvo_platform.images.service import store_upload
from menuvo_platform.menus.editing.service import change_picture
from menuvo_platform.web.edge import MOST_BODY_BYTES
from menuvo_platform.web.forms import read_form

AnyRequest = Request[object, object, State]


@get("/{item_id:uuid}")
async def show_item(item_id: FromPath[uuid.UUID], desk: NamedDependency[Desk]) -> Response[str]:
    line = await read_line(desk, item_id)
    return desk.page("menu", "menu_item.html", line=line, problem=None)


@get("/{item_id:uuid}/picture")
async def show_picture(item_id: FromPath[uuid.UUID], desk: NamedDependency[Desk]) -> Response[str]:
    """The piece of the page that is asked for again while the picture is being made."""
    line = await read_line(desk, item_id)
    return desk.page("menu", "menu_picture.html", line=line)


# A file beyond the limit of pictures is read all the same, so that its page can say so.
@post("/{item_id:uuid}/picture", status_code=303, request_max_body_size=MOST_BODY_BYTES)
async def save_picture(
    item_id: FromPath[uuid.UUID], request: AnyRequest, desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    line = await read_line(desk, item_id)
    try:
        content = await read_picture(await read_form(request))
        image = await store_upload(desk.session, desk.platform.bell, desk.platform.storage, content)
    except (Invalid, TooLarge, NoRoom) as error:
        problem = desk.catalogue.error(error)
        return desk.page("menu", "menu_item.html", status=error.status, line=line, problem=problem)
    await change_picture(
        desk.session,
        desk.store.id,
        item_id,
        image_id=image.id,
        user_id=desk.user_id,
        now=desk.now,
        announce=desk.announce,
    )
    return desk.go_to(f"/menu/{item_id}")
