"""What a table's printed code opens."""

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.shop.cookies import GuestCookies
from menuvo_platform.shop.languages import interface_language, language_for
from menuvo_platform.shop.venue import path_of
from menuvo_platform.stores import service as stores
from menuvo_platform.web.platform import Platform
from menuvo_platform.web.rendering import Renderer


@get("/q/{token:str}")
async def open_table(
    token: FromPath[str],
    request: Request[object, object, State],
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
    renderer: NamedDependency[Renderer],
) -> Response[str]:
    try:
        table = await stores.get_service_point(session, token)
    except stores.TableUnknown:
        language = interface_language(request)
        return renderer.page("shop/table_unknown.html", language, status=404)
    except stores.TableInactive as gone:
        language = interface_language(request)
        return renderer.page("shop/table_gone.html", language, status=410, facts=gone.facts)
    store = await stores.get_store(session, table.store_id, platform.clock())
    menu = path_of(store, language_for(request, store.languages))
    answer = Redirect(menu, headers={"Cache-Control": "no-store"})
    secure = platform.settings.cookies_secure
    GuestCookies(answer, store, secure=secure).keep_table(table)
    return answer
