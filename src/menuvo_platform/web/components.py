"""Every component in every state, for the eye, for screenshots and for axe. Nothing private is on
it, so it is always there; nobody needs to find it."""

from litestar import Response, get
from litestar.di import NamedDependency

from menuvo_platform.translated import INTERFACE_LANGUAGES
from menuvo_platform.web.rendering import Renderer


@get("/dev/components", sync_to_thread=False)
def show_components(renderer: NamedDependency[Renderer]) -> Response[str]:
    return renderer.page(
        "components_showcase.html",
        INTERFACE_LANGUAGES[0],
        headers={"X-Robots-Tag": "noindex"},
    )
