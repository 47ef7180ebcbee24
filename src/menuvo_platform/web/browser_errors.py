"""What breaks in a browser, told by the page itself: its policy lets it speak to nobody else.

It becomes a line of the log, and goes where errors go. Anybody can send anything here, so only what
names a place in our own scripts is kept, and little of it.
"""

import re
from typing import cast

import msgspec
import structlog
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from menuvo_platform.adapters.impersonal import impersonal
from menuvo_platform.web.platform import Platform

MOST_BYTES = 4096
_MOST_PLACES = 10
# What is kept of an address stands behind the hash of the script's content.
_PLACE = re.compile(r"/static/[\w-]+/((?:js|vendor)/[\w.-]+\.js:\d{1,6}:\d{1,6})")

log = structlog.stdlib.get_logger(__name__)


class BrowserError(msgspec.Struct, frozen=True):
    message: str
    stack: str


@post("/dev/browser-errors", status_code=204, request_max_body_size=MOST_BYTES)
async def take_browser_error(
    data: JSONBody[BrowserError], platform: NamedDependency[Platform]
) -> None:
    """Always 204: nobody waits for the answer."""
    places = cast("list[str]", _PLACE.findall(data.stack))
    if places and platform.browser_errors.take():
        log.error(
            "browser_failed",
            side="browser",
            error=impersonal(data.message),
            stack="\n".join(places[:_MOST_PLACES]),
        )
