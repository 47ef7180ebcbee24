"""A Redis that accepts every connection and never answers, as one does whose machine hangs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tests.conversations import conversing


async def say_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


@asynccontextmanager
async def silent_redis() -> AsyncGenerator[str]:
    async with conversing(say_nothing) as port:
        yield f"redis://127.0.0.1:{port}/0"
