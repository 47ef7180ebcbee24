"""Builds the ASGI application: figures, page cache, edge, framework.

Nothing happens at import time.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

import structlog
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import Receive, Scope, Send

from menuvo_platform.console.routes import CONSOLE
from menuvo_platform.shop.menu_pages import RenderedMenus
from menuvo_platform.shop.routes import SHOP
from menuvo_platform.web.assets import serve_asset
from menuvo_platform.web.browser_errors import take_browser_error
from menuvo_platform.web.components import show_components
from menuvo_platform.web.edge import Edge, headers_of_every_answer, raise_refusal
from menuvo_platform.web.error_pages import ErrorPages
from menuvo_platform.web.health import health, live, ready
from menuvo_platform.web.inside import metrics, probe_reading, probe_writing, queues
from menuvo_platform.web.metrics import Metered
from menuvo_platform.web.page_cache import PageCache
from menuvo_platform.web.platform import (
    Platform,
    provide_assets,
    provide_platform,
    provide_renderer,
    provide_session,
)
from menuvo_platform.web.unit_of_work import commit_before_answering

# Forms are small; a handler that takes files says so itself.
MOST_FORM_BYTES = 1024 * 1024
AGAIN_SECONDS = 1.0

log = structlog.stdlib.get_logger(__name__)


class Application:
    """The layers of one instance, outermost first: what counts, the page cache, the edge, the
    framework."""

    def __init__(self, platform: Platform) -> None:
        self._platform: Platform = platform
        self.framework: Litestar = Litestar(
            route_handlers=[
                *(live, health, ready, probe_reading, probe_writing, metrics, queues),
                *(serve_asset, show_components, take_browser_error, *SHOP, *CONSOLE),
            ],
            state=State({"platform": platform}),
            dependencies={
                "platform": Provide(provide_platform, sync_to_thread=False),
                "assets": Provide(provide_assets, sync_to_thread=False),
                "renderer": Provide(provide_renderer, sync_to_thread=False),
                "session": Provide(provide_session),
            },
            exception_handlers={Exception: ErrorPages(platform).on_error},
            before_request=raise_refusal,
            after_request=commit_before_answering,
            request_max_body_size=MOST_FORM_BYTES,
            lifespan=[self._lifespan],
            openapi_config=None,
            logging_config=None,
        )
        headers = headers_of_every_answer(platform.settings)
        edge = Edge(self.framework, headers=headers, drain=platform.drain)
        self.pages: PageCache = PageCache(
            edge,
            RenderedMenus(platform),
            feed=platform.feed,
            drain=platform.drain,
            headers=list(headers),
        )
        self._layers: Metered = Metered(self.pages, platform.metrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._layers(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _: Litestar) -> AsyncGenerator[None]:
        async with (
            running(tirelessly(self._platform.schema.watch)),
            running(tirelessly(self._platform.feed.listen)),
            running(tirelessly(self.pages.watch)),
        ):
            yield
        await self._platform.close()


@asynccontextmanager
async def running(
    work: Coroutine[object, object, None],
) -> AsyncGenerator[asyncio.Task[None]]:
    """Work in the background of a block. One that fails is a bug, and is raised at the end."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        # Once is not enough: redis-py takes a cancellation that meets it while it connects for its
        # own, and goes on.
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=0.1)
        with suppress(asyncio.CancelledError):
            task.result()


async def tirelessly(work: Callable[[], Awaitable[None]]) -> None:
    """Ends when the work does. What nobody foresaw is logged, and the work begins again: without
    it an instance would go on answering, with yesterday's menu."""
    while True:
        try:
            return await work()
        except Exception:  # An edge: background work has no request or job around it.
            log.exception("background_work_failed")
        await asyncio.sleep(AGAIN_SECONDS)
