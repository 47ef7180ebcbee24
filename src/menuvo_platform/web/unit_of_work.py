"""The transaction of one request: committed after the handler and before the answer starts.

So a commit that fails is an error page and never an acknowledgement of what is not there. It is not
a generator dependency of the framework, because those are forgotten when another dependency fails
after them: the session, and its connection, would stay open until the garbage is collected.
"""

import uuid
from contextlib import AsyncExitStack, suppress
from contextvars import ContextVar

from litestar import Response
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import Sessions, transaction


class Abandoned(Exception):
    """Rolls the transaction of a failed request back."""


class UnitOfWork:
    def __init__(self) -> None:
        self._open: AsyncExitStack | None = None

    async def session(
        self, sessions: Sessions, merchant_id: uuid.UUID | None = None
    ) -> AsyncSession:
        """Begins the transaction; a request has one."""
        self._open = AsyncExitStack()
        return await self._open.enter_async_context(transaction(sessions, merchant_id))

    async def commit(self) -> None:
        """Also does what was to follow the commit."""
        if self._open is not None:
            opened, self._open = self._open, None
            await opened.aclose()

    async def abandon(self) -> None:
        """Rolls back what was not committed; harmless after a commit."""
        if self._open is not None:
            opened, self._open = self._open, None
            with suppress(Abandoned):
                await opened.__aexit__(Abandoned, Abandoned(), None)


current_work: ContextVar[UnitOfWork] = ContextVar("current_work")


async def commit_before_answering(response: Response[object]) -> Response[object]:
    """Runs when a handler has returned, before a byte is sent; not after an error."""
    await current_work.get().commit()
    return response
