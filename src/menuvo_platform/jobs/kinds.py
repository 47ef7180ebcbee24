"""What work there is: each kind names its queue, the shape of its payload and who does it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec

from menuvo_platform.db.documents import Document
from menuvo_platform.jobs.running import RunningJob

Payload = TypeVar("Payload", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class JobKind(Generic[Payload]):
    """The handler must be able to run twice: its effects belong into `RunningJob.finishing`."""

    name: str
    queue: str
    payload: type[Payload]
    handler: Callable[[RunningJob, Payload], Awaitable[None]]
    max_attempts: int = 8
    time_limit_seconds: float = 300.0

    async def handle(self, job: RunningJob, document: Document) -> None:
        await self.handler(job, msgspec.convert(document, self.payload))


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
