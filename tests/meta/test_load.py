"""What proves a deploy must count right itself."""

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncGenerator
from itertools import takewhile

import pytest

from tests.system.boards import Event, parse_events
from tests.system.rollout.answers import Answer, Order, Result
from tests.system.rollout.asking import Asker, Visitor
from tests.system.rollout.connections import Connection, Connections
from tests.system.rollout.load import MIX
from tests.system.rollout.pacing import moments

REQUESTS_OF_AN_ORDER = 4
PAGES_IN_TEN_SECONDS = 600
ORDERS_IN_TEN_MINUTES = 600


def answer(kind: str = "menu", *, began: float = 100.0, problem: str = "") -> Answer:
    return Answer(kind, began, 0.5, 0 if problem else 200, "" if problem else "one", problem)


def result(
    *answers: Answer,
    acknowledged: tuple[str, ...] = (),
    orders: tuple[Order, ...] = (),
    tickets: tuple[str, ...] = (),
) -> Result:
    return Result(answers, acknowledged, orders, frozenset(tickets))


def test_each_kind_is_due_at_its_own_rate_and_in_order() -> None:
    due = list(takewhile(lambda moment: moment[0] < 10, moments({"menu": 5.0, "order": 0.5})))
    assert due == sorted(due)
    assert Counter(kind for _, kind in due) == {"menu": 50, "order": 5}


def test_the_mix_is_fifty_a_second_and_below_every_limit() -> None:
    pages = MIX["menu"] + MIX["item"] + MIX["order"] * REQUESTS_OF_AN_ORDER
    assert pages + MIX["style"] >= 50
    assert pages * 10 < PAGES_IN_TEN_SECONDS
    assert MIX["order"] * 600 < ORDERS_IN_TEN_MINUTES


def test_an_order_counts_as_lost_unless_it_is_there_exactly_once() -> None:
    kept, twice = Order("kept", "1", "Last 1"), Order("twice", "2", "Last 2")
    seen = result(acknowledged=("kept", "gone", "twice"), orders=(kept, twice, twice))
    assert seen.lost == ["gone", "twice"]


def test_two_orders_of_one_guest_are_a_doubled_one() -> None:
    orders = (Order("a", "1", "Last 1"), Order("b", "2", "Last 1"), Order("c", "3", "Last 2"))
    assert result(acknowledged=("b", "c"), orders=orders).doubled == ["Last 1"]


def test_a_ticket_that_the_board_was_not_told_of_is_missed() -> None:
    orders = (Order("a", "1", "Last 1"), Order("b", "2", "Last 2"))
    seen = result(acknowledged=("a", "b", "unknown"), orders=orders, tickets=("1",))
    assert seen.missed == ["b", "unknown"]


def test_the_timeline_shows_the_second_in_which_something_failed() -> None:
    seen = result(answer(), answer(began=102.5, problem="closed"), answer(began=102.9))
    assert [(second.requests, second.failures) for second in seen.timeline] == [
        (1, 0),
        (0, 0),
        (2, 1),
    ]
    assert seen.releases == {"one": 2}
    assert "1 failed" in str(seen)


def test_a_stream_that_is_open_for_minutes_is_not_the_longest_request() -> None:
    stream = Answer("board", 100.0, 280.0, 200)
    seen = result(stream, answer())
    assert (seen.longest.kind, seen.seconds) == ("menu", 0.5)


async def test_an_event_that_is_cut_off_was_never_said() -> None:
    async def lines() -> AsyncGenerator[str]:
        for line in ("event: change", "id: 7", "data: {}", "", ": kept alive", "", "data: half"):
            yield line

    assert [event async for event in parse_events(lines())] == [Event("change", "7", "{}")]


class Edge:
    """Answers as it was told, one connection after the other."""

    def __init__(self, *replies: bytes) -> None:
        self._replies = list(replies)
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self._replies:
                await reader.readuntil(b"\r\n\r\n")
                reply = self._replies.pop(0)
                writer.write(reply)
                if b"close" in reply or not reply:
                    break
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


class PlainConnections(Connections):
    async def _open(self) -> Connection:
        return Connection(*await asyncio.open_connection(*self.address))


async def ask(edge: Edge, times: int) -> list[Answer]:
    told: list[Answer] = []
    server = await asyncio.start_server(edge.serve, "127.0.0.1", 0)
    async with server:
        address = server.sockets[0].getsockname()
        connections = PlainConnections(address, "edge", ssl.create_default_context())
        asker = Asker(connections, told.append)
        for _ in range(times):
            await asker.get("menu", "/", Visitor())
        await connections.close()
    return told


def reply(status: int, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", "Content-Length: 2", "X-Menuvo-Release: one", *headers]
    return "\r\n".join([*lines, "", "ok"]).encode()


async def test_connections_are_kept_and_a_closed_one_is_replaced() -> None:
    edge = Edge(reply(200), reply(200, "Connection: close"), reply(200))
    told = await ask(edge, 3)
    assert [(one.status, one.release, one.problem) for one in told] == [(200, "one", "")] * 3
    assert edge.connections == 2


@pytest.mark.parametrize(
    ("answered", "problem"), [(reply(502), "answered 502"), (b"", "closed before")]
)
async def test_whatever_is_not_expected_is_a_failure(answered: bytes, problem: str) -> None:
    [told] = await ask(Edge(answered), 1)
    assert problem in told.problem
