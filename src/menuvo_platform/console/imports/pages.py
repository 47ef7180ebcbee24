import uuid

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from menuvo_platform.console.desk import Desk
from menuvo_platform.console.imports import queries
from menuvo_platform.console.imports.forms import read_menu_file
from menuvo_platform.console.imports.views import ImportLine, any_under_way, import_line
from menuvo_platform.errors import DomainError, Invalid, NoRoom, NotFound, TooLarge
from menuvo_platform.imports.service import store_menu_file
from menuvo_platform.web.edge import MOST_BODY_BYTES
from menuvo_platform.web.forms import read_form

AnyRequest = Request[object, object, State]
MOST_IMPORTS = 50


@get("/")
async def show_imports(desk: NamedDependency[Desk]) -> Response[str]:
    return await _imports_page(desk)


@post("/", status_code=303, request_max_body_size=MOST_BODY_BYTES)
async def upload_menu(request: AnyRequest, desk: NamedDependency[Desk]) -> Response[str] | Redirect:
    try:
        file = await read_menu_file(await read_form(request))
        await store_menu_file(
            desk.session,
            desk.platform.bell,
            desk.platform.storage,
            store_id=desk.store.id,
            user_id=desk.user_id,
            file_name=file.name,
            content=file.content,
        )
    except (Invalid, TooLarge, NoRoom) as error:
        return await _imports_page(desk, error)
    return desk.go_to("/imports")


@get("/list")
async def show_list(desk: NamedDependency[Desk]) -> Response[str]:
    """The piece of the page that is asked for again while files are being read."""
    lines = await _read_lines(desk)
    return desk.page("imports", "imports_list.html", imports=lines, again=any_under_way(lines))


@get("/{import_id:uuid}")
async def show_import(import_id: FromPath[uuid.UUID], desk: NamedDependency[Desk]) -> Response[str]:
    entry = await queries.find_import(desk.session, desk.store.id, import_id)
    if entry is None:
        raise NotFound
    return desk.page(
        "imports",
        "import.html",
        entry=import_line(entry, desk.catalogue),
        rows=await queries.list_review_rows(desk.session, import_id),
    )


async def _imports_page(desk: Desk, error: DomainError | None = None) -> Response[str]:
    lines = await _read_lines(desk)
    return desk.page(
        "imports",
        "imports.html",
        status=error.status if error else 200,
        problem=desk.catalogue.error(error) if error else None,
        imports=lines,
        again=any_under_way(lines),
    )


async def _read_lines(desk: Desk) -> list[ImportLine]:
    entries = await queries.list_imports(desk.session, desk.store.id, MOST_IMPORTS)
    return [import_line(entry, desk.catalogue) for entry in entries]
