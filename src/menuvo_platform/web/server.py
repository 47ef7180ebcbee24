"""`menuvo-platform serve`: uvicorn that drains before it stops.

Plain uvicorn refuses connections the moment SIGTERM arrives, while the proxy still believes in it
for a health interval, and it waits for streams without telling them.
"""

import asyncio
from types import FrameType
from typing import TYPE_CHECKING, cast

import uvicorn
from litestar.types import ASGIApp

from menuvo_platform.web.drain import Drain
from menuvo_platform.web.forwarding import Forwarded

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

IN_FLIGHT_SECONDS = 15
# Longer than the 30 s for which the proxy keeps an idle connection: the side that sends a request
# must be the one to close first.
KEEP_ALIVE_SECONDS = 75


class DrainingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, drain: Drain, drain_seconds: float) -> None:
        super().__init__(config)
        self._drain: Drain = drain
        self._drain_seconds: float = drain_seconds
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        await super().main_loop()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Begins the drain; a second signal stops at once. The signal is not raised again at the
        end as uvicorn does: a server that was asked to stop and did exits with 0."""
        if self._loop is None or self._drain.begun:
            self.should_exit = True
        else:
            self._loop.call_soon_threadsafe(self._begin_drain)

    def _begin_drain(self) -> None:
        self._drain.begin()
        asyncio.get_running_loop().call_later(self._drain_seconds, self._stop)

    def _stop(self) -> None:
        self.should_exit = True


def serve(app: ASGIApp, drain: Drain, drain_seconds: float, *, host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT and a drain after it."""
    config = uvicorn.Config(
        cast("ASGI3Application", Forwarded(app)),
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # Its own way trusts the first address of a list, which a client can write there.
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=IN_FLIGHT_SECONDS,
    )
    DrainingServer(config, drain, drain_seconds).run()
