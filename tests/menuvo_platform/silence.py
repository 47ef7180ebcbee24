"""A Redis that accepts every connection and never answers, as one does whose machine hangs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


@asynccontextmanager
async def silent_redis() -> AsyncGenerator[str]:
    """Its URL. Whoever connects has to go before it does."""
    callers: list[asyncio.Task[None] | None] = []

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        callers.append(asyncio.current_task())
        await reader.read()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"redis://127.0.0.1:{port}/0"
        await asyncio.gather(*filter(None, callers))
