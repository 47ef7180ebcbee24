"""Whether this instance is starting, serving or on its way out.

SIGTERM is the drain signal: `/ready` says 503 at once, so the proxy looks elsewhere, while requests
that still arrive are answered. Streams end, answers close their connections, and only then does the
server stop to accept.
"""

import asyncio


class Drain:
    def __init__(self) -> None:
        self._begun: asyncio.Event = asyncio.Event()

    @property
    def begun(self) -> bool:
        return self._begun.is_set()

    def begin(self) -> None:
        self._begun.set()

    async def wait(self) -> None:
        await self._begun.wait()
