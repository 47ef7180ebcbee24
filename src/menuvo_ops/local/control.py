"""A running supervisor answers questions on a socket in the clone's state folder.

One JSON object per line each way.
"""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias, cast

from menuvo_ops.errors import OpsError
from menuvo_ops.local.sockets import reachable

Message: TypeAlias = dict[str, object]
Handler: TypeAlias = Callable[[Message], Awaitable[Message]]


async def listen(path: Path, handler: Handler) -> asyncio.Server:
    """Serve until the returned server is closed."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Who asked may hang up before the answer; that is no failure of ours.
        with suppress(ConnectionError):
            while line := await reader.readline():
                request = cast("Message", json.loads(line))
                writer.write(json.dumps(await _answer(handler, request)).encode() + b"\n")
                await writer.drain()
        writer.close()

    return await asyncio.start_unix_server(converse, sock=_bound_socket(path))


def ask(path: Path, request: Message) -> Message | None:
    """The supervisor's answer, or None when none is running; OpsError when it refuses."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            with reachable(path) as address:
                connection.connect(address)
            connection.sendall(json.dumps(request).encode() + b"\n")
            line = connection.makefile("rb").readline()
        except PermissionError as error:
            raise OpsError(
                "Menuvo was started by another user.",
                hint="Run this command as that user.",
            ) from error
        except OSError:
            return None
    if not line:
        return None
    answer = cast("Message", json.loads(line))
    if "error" in answer:
        raise OpsError(str(answer["error"]), hint=str(answer["hint"]))
    return answer


async def _answer(handler: Handler, request: Message) -> Message:
    try:
        return await handler(request)
    except OpsError as error:
        return {"error": error.message, "hint": error.hint}


def _bound_socket(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX)
    with reachable(path) as address:
        bound.bind(address)
    path.chmod(0o600)
    return bound
