"""A kitchen board without a browser: signed in, and listening."""

import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.system.clone import Stack

_BOARD = re.compile(r'href="([^"]*/board)"')


@asynccontextmanager
async def signed_in(stack: Stack, role: str) -> AsyncGenerator[tuple[httpx.AsyncClient, str]]:
    """A client with the login of that role, and the address of its store's board."""
    async with httpx.AsyncClient(base_url=stack.base_url, follow_redirects=True) as http:
        email, password = stack.logins[role]
        form = {"email": email, "password": password, "next": ""}
        answer = await http.post("/console/login", data=form)
        answer.raise_for_status()
        home = await http.get("/console")
        board = re.search(_BOARD, home.text)
        yield http, board[1] if board else str(home.url.path)


async def changes(http: httpx.AsyncClient, board: str) -> AsyncGenerator[dict[str, Any]]:
    """What the board's stream tells, as it comes; `{}` once it is open."""
    timeout = httpx.Timeout(20, read=30)
    async with http.stream("GET", f"{board}/events", timeout=timeout) as answer:
        answer.raise_for_status()
        yield {}
        event = ""
        async for line in answer.aiter_lines():
            if line.startswith("event:"):
                event = line.removeprefix("event:").strip()
            elif line.startswith("data:") and event == "change":
                yield json.loads(line.removeprefix("data:"))
