"""The start: the one store that is here, or the list of all."""

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.shop import queries
from menuvo_platform.shop.languages import interface_language
from menuvo_platform.web.rendering import Renderer


@get("/")
async def find_stores(
    request: Request[object, object, State],
    session: NamedDependency[AsyncSession],
    renderer: NamedDependency[Renderer],
) -> Response[str]:
    stores = await queries.list_public_stores(session)
    if len(stores) == 1:
        return Redirect(stores[0].path, headers={"Cache-Control": "no-store"})
    return renderer.page("shop/stores.html", interface_language(request), stores=stores)
