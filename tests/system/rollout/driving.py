"""The process of the load: its plan comes by stdin, and what it sees goes to stdout, a line each.

It is a process of its own, so that neither the test's work nor its garbage collection delays a
request. It ends when stdin does, and so with the test, however that ends.
"""

import asyncio
import json
import os
import resource
import secrets
import ssl
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

import httpx
import uvloop

from tests.system.boards import sign_in
from tests.system.guests import checkout_form, item_address
from tests.system.rollout.answers import Answer
from tests.system.rollout.asking import Asker, Visitor
from tests.system.rollout.connections import Connections
from tests.system.rollout.following import Follower
from tests.system.rollout.pacing import moments

# How long the board may take to be told of the last order.
TICKET_SECONDS = 10
_STYLE = 'href="/static/'


@dataclass(frozen=True)
class Plan:
    base_url: str
    host: str
    authority: str
    menu: str
    email: str
    password: str
    guests: str
    """What the names of this load's guests begin with."""
    per_second: dict[str, float]


@dataclass
class Drive:
    plan: Plan
    ask: Asker
    item: str
    style: str
    orders: int = 0
    acknowledged: int = 0
    latest: float = 0.0
    running: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def until(self, end: asyncio.Event) -> None:
        """Begins everything when it is due, and waits for what was begun."""
        loop = asyncio.get_running_loop()
        beginning = loop.time()
        for due, kind in moments(self.plan.per_second):
            pause = beginning + due - loop.time()
            if pause > 0:
                await asyncio.sleep(pause)
            self.latest = max(self.latest, loop.time() - beginning - due)
            if end.is_set():
                break
            task = loop.create_task(self._begin(kind))
            self.running.add(task)
            task.add_done_callback(self.running.discard)
        if self.running:
            await asyncio.wait(self.running)

    async def _begin(self, kind: str) -> None:
        if kind == "order":
            await self._order()
        else:
            path = {"menu": self.plan.menu, "item": self.item, "style": self.style}[kind]
            await self.ask.read(kind, path)

    async def _order(self) -> None:
        """A guest with an empty cart, who presses no button twice."""
        self.orders += 1
        name = f"{self.plan.guests} {self.orders}"
        visitor, checkout = Visitor(), f"{self.plan.menu}/checkout"
        if not await self.ask.post("choose", self.item, {"quantity": "1"}, visitor):
            return
        offer = await self.ask.get("offer", f"{checkout}?fulfilment=pickup", visitor)
        if not offer:
            return
        form = checkout_form(offer.body.decode(), name=name)
        placed = await self.ask.post("place", checkout, form, visitor)
        if not placed:
            return
        self.acknowledged += 1
        address = placed.headers["location"]
        tell("acknowledged", address.partition("?")[0].rpartition("/")[2])
        await self.ask.get("order", address, visitor)


def tell(what: str, value: object) -> None:
    print(json.dumps([what, value]), flush=True)


def tell_answer(answer: Answer) -> None:
    tell("answer", asdict(answer))


async def drive(plan: Plan) -> None:
    tls = ssl.create_default_context(cadata=plan.authority)
    edge = urlsplit(plan.base_url)
    ask = Asker(Connections((edge.hostname or "", edge.port or 443), plan.host, tls), tell_answer)
    menu = await ask.get("menu", plan.menu, Visitor())
    assert menu, "the menu must answer before the load begins"
    page = menu.body.decode()
    style = "/static/" + page.partition(_STYLE)[2].partition('"')[0]
    driven = Drive(plan, ask, item_address(page), style)
    end = asyncio.Event()
    async with _board(plan, tls) as follower:
        following = asyncio.create_task(follower.follow())
        await asyncio.wait_for(follower.opened.wait(), TICKET_SECONDS)
        before = len(follower.tickets)
        ending = asyncio.create_task(_end_of_stdin(end))
        tell("began", True)
        wall, cpu = time.monotonic(), _cpu_seconds()
        await driven.until(end)
        share = (_cpu_seconds() - cpu) / (time.monotonic() - wall)
        deadline = time.monotonic() + TICKET_SECONDS
        while len(follower.tickets) - before < driven.acknowledged and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        following.cancel()
        await asyncio.wait([following, ending])
    tell("tickets", sorted(follower.tickets))
    tell("cpu_share", share)
    tell("latest", driven.latest)


@asynccontextmanager
async def _board(plan: Plan, tls: ssl.SSLContext) -> AsyncGenerator[Follower]:
    async def name_the_host(request: httpx.Request) -> None:
        request.extensions["sni_hostname"] = plan.host

    async with httpx.AsyncClient(
        base_url=plan.base_url,
        headers={"Host": plan.host},
        verify=tls,
        follow_redirects=True,
        event_hooks={"request": [name_the_host]},
    ) as http:
        yield Follower(http, await sign_in(http, plan.email, plan.password), tell_answer)


async def _end_of_stdin(end: asyncio.Event) -> None:
    await asyncio.to_thread(sys.stdin.read)
    end.set()


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def come_first() -> None:
    """Where that is allowed: a wait for the client itself would be told as the platform's."""
    with suppress(PermissionError):
        os.nice(-10)


def guests_of_a_load() -> str:
    return f"Last {secrets.token_hex(3)}"


if __name__ == "__main__":
    come_first()
    uvloop.run(drive(Plan(**json.loads(sys.stdin.readline()))))
