"""What work there is: each kind names its queue, the shape of its payload and who does it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.documents import Document
from menuvo_platform.jobs.running import RunningJob

Payload = TypeVar("Payload", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class JobKind(Generic[Payload]):
    """The handler must be able to run twice: its effects belong into `RunningJob.finishing`.

    `on_shelved` tells the merchant that the work will not be done by itself. It runs in the scope
    and in the transaction that shelves the job, also when the handler never came to an error
    because each of its workers was killed. The operator may still have the job tried again.
    """

    name: str
    queue: str
    payload: type[Payload]
    handler: Callable[[RunningJob, Payload], Awaitable[None]]
    max_attempts: int = 8
    time_limit_seconds: float = 300.0
    on_shelved: Callable[[AsyncSession, Payload], Awaitable[None]] | None = None

    async def handle(self, job: RunningJob, document: Document) -> None:
        await self.handler(job, msgspec.convert(document, self.payload))

    async def tell_shelved(self, session: AsyncSession, document: Document) -> None:
        if self.on_shelved is not None:
            await self.on_shelved(session, msgspec.convert(document, self.payload))


class Handled(Protocol):
    """A kind of any payload, as a worker sees it."""

    @property
    def name(self) -> str: ...
    @property
    def queue(self) -> str: ...
    @property
    def max_attempts(self) -> int: ...
    @property
    def time_limit_seconds(self) -> float: ...
    async def handle(self, job: RunningJob, document: Document) -> None: ...
    async def tell_shelved(self, session: AsyncSession, document: Document) -> None: ...
