"""In which language a guest is greeted whose address does not name one."""

from collections.abc import Sequence

from litestar import Request
from litestar.datastructures import State

from menuvo_platform.shop.cookies import LANGUAGE
from menuvo_platform.translated import INTERFACE_LANGUAGES
from menuvo_platform.web.languages import preferred_language


def language_for(request: Request[object, object, State], offered: Sequence[str]) -> str:
    """The one read last, else as the browser prefers, else the first that is offered."""
    kept = request.cookies.get(LANGUAGE, "")
    if kept in offered:
        return kept
    return preferred_language(request.headers.get("accept-language", ""), offered)


def interface_language(request: Request[object, object, State]) -> str:
    return language_for(request, INTERFACE_LANGUAGES)
