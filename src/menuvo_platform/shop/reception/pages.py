"""What a guest's browser keeps for the time without a network: a worker, and the page it shows
in place of one that cannot be reached."""

from litestar import Response, get
from litestar.di import NamedDependency

from menuvo_platform.errors import NotFound
from menuvo_platform.shop.venue import Venue, below_store
from menuvo_platform.web.assets import Assets
from menuvo_platform.web.rendering import Renderer

WORKER = "js/worker.js"
# The worker keeps what it reads here; nobody in between does without asking.
MAY_BE_KEPT = {"Cache-Control": "public, no-cache"}


@get("/worker.js", sync_to_thread=False)
def serve_worker(assets: NamedDependency[Assets]) -> Response[bytes]:
    """At the root, because a worker may only look after pages below its own address; and always the
    same address, because that is how a browser finds out that there is a new one."""
    worker = assets.find(WORKER)
    if worker is None:
        raise NotFound
    return Response(
        worker.content, media_type=worker.media_type, headers={"Cache-Control": "no-cache"}
    )


@get(below_store("/offline"))
async def show_unreachable(
    renderer: NamedDependency[Renderer], venue: NamedDependency[Venue]
) -> Response[str]:
    return renderer.page("shop/offline.html", venue.language, headers=MAY_BE_KEPT, venue=venue)
