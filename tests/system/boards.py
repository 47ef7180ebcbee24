"""A kitchen board without a browser: signed in, and listening."""

import json
import re
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.system.clone import Stack

_FIELDS = {"event": "name"}
_BOARD = re.compile(r'href="([^"]*/board)"')
# A ping comes every 15 s: who hears nothing for so long is not connected.
_SILENCE_SECONDS = 30


@dataclass(frozen=True)
class Event:
    """One block of an event stream; a field that it lacks is empty."""

    name: str = ""
    id: str = ""
    data: str = ""
    retry: str = ""


@asynccontextmanager
async def signed_in(stack: Stack, role: str) -> AsyncGenerator[tuple[httpx.AsyncClient, str]]:
    """A client with the login of that role, and the address of its store's board."""
    async with httpx.AsyncClient(base_url=stack.base_url, follow_redirects=True) as http:
        yield http, await sign_in(http, *stack.logins[role])


async def sign_in(http: httpx.AsyncClient, email: str, password: str) -> str:
    """The address of the board. The client has a base address and follows redirects."""
    form = {"email": email, "password": password, "next": ""}
    (await http.post("/console/login", data=form)).raise_for_status()
    home = await http.get("/console")
    board = re.search(_BOARD, home.text)
    return board[1] if board else str(home.url.path)


async def changes(http: httpx.AsyncClient, board: str) -> AsyncGenerator[dict[str, Any]]:
    """What the board's stream tells, as it comes; `{}` once it is open."""
    opened = False
    async for event in listen(http, board):
        if not opened:
            yield {}
            opened = True
        if event.name == "change":
            yield json.loads(event.data)


async def listen(
    http: httpx.AsyncClient, board: str, *, last_id: str = ""
) -> AsyncGenerator[Event]:
    """The events of one connection, the first of which comes at once; raises httpx.HTTPError when
    there is none, or when it breaks."""
    timeout = httpx.Timeout(20, read=_SILENCE_SECONDS)
    headers = {"Last-Event-ID": last_id} if last_id else {}
    async with http.stream("GET", f"{board}/events", headers=headers, timeout=timeout) as answer:
        answer.raise_for_status()
        async for event in parse_events(answer.aiter_lines()):
            yield event


async def parse_events(lines: AsyncIterable[str]) -> AsyncGenerator[Event]:
    """An empty line ends an event; what is cut off before it was never said."""
    fields: dict[str, str] = {}
    async for line in lines:
        if line.startswith(":"):
            continue
        if line:
            field, _, value = line.partition(":")
            fields[_FIELDS.get(field, field)] = value.removeprefix(" ")
        elif fields:
            yield Event(**fields)
            fields = {}
