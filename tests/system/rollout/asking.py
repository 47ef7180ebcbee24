"""Requests through the edge, each of which leaves a record."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httptools

from tests.system.rollout.answers import LONGEST_SECONDS, Answer
from tests.system.rollout.connections import Connections, Reply

MOST_IN_FLIGHT = 300
# Beyond what makes a failure, so that it is seen how long a request really took.
PATIENCE_SECONDS = LONGEST_SECONDS + 5
_FORM = "application/x-www-form-urlencoded"


@dataclass
class Visitor:
    """Keeps the cookies that it is given."""

    cookies: dict[str, str] = field(default_factory=dict[str, str])
    accepts: str = "identity"

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Accept-Language": "de", "Accept-Encoding": self.accepts}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        return headers


@dataclass
class Asker:
    connections: Connections
    tell: Callable[[Answer], None]
    in_flight: int = 0

    async def read(self, kind: str, path: str) -> None:
        """As a browser does for the first time; what it says is left packed."""
        await self._ask(kind, "GET", path, 200, Visitor(accepts="gzip"))

    async def get(self, kind: str, path: str, visitor: Visitor) -> Reply | None:
        """None when that failed."""
        return await self._ask(kind, "GET", path, 200, visitor)

    async def post(
        self, kind: str, path: str, form: Mapping[str, str], visitor: Visitor
    ) -> Reply | None:
        """None when that failed; a form that is accepted leads on."""
        return await self._ask(kind, "POST", path, 303, visitor, urlencode(form).encode())

    async def _ask(
        self,
        kind: str,
        method: str,
        path: str,
        expected: int,
        visitor: Visitor,
        body: bytes = b"",
    ) -> Reply | None:
        began, clock = time.time(), time.monotonic()
        reply, problem = await self._reply(method, path, visitor, body)
        seconds = time.monotonic() - clock
        if reply and reply.status != expected:
            problem = f"answered {reply.status}"
        elif reply and seconds > LONGEST_SECONDS:
            problem = f"took {seconds:.1f} s"
        release = reply.headers.get("x-menuvo-release", "") if reply else ""
        status = reply.status if reply else 0
        self.tell(Answer(kind, began, seconds, status, release, problem))
        return None if problem else reply

    async def _reply(
        self, method: str, path: str, visitor: Visitor, body: bytes
    ) -> tuple[Reply | None, str]:
        """Or why there is none."""
        if self.in_flight >= MOST_IN_FLIGHT:
            return None, f"not sent: {MOST_IN_FLIGHT} were waiting"
        headers = visitor.headers
        if method == "POST":
            headers |= {"Content-Type": _FORM, "Content-Length": str(len(body))}
        self.in_flight += 1
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                reply = await self.connections.ask(method, path, headers, body)
        except TimeoutError:
            return None, f"no answer within {PATIENCE_SECONDS} s"
        except (OSError, httptools.HttpParserError) as error:
            return None, f"{type(error).__name__} {error}".strip()
        finally:
            self.in_flight -= 1
        visitor.cookies.update(reply.cookies)
        return reply, ""
