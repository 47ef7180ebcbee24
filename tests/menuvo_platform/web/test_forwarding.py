"""Who a client is, behind the proxy: nobody can say so for themselves."""

from typing import cast

import pytest
from litestar.types import Receive, Scope, Send

from menuvo_platform.web.forwarding import Forwarded

PROXY = ("172.18.0.5", 41000)


async def seen_through(*headers: tuple[bytes, bytes], kind: str = "http") -> dict[str, object]:
    seen: dict[str, object] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.update(cast("dict[str, object]", cast("object", scope)))

    scope = {"type": kind, "client": PROXY, "scheme": "http", "headers": list(headers)}
    await Forwarded(app)(cast("Scope", scope), cast("Receive", None), cast("Send", None))
    return seen


def forwarded_for(value: bytes) -> tuple[bytes, bytes]:
    return (b"x-forwarded-for", value)


@pytest.mark.parametrize(
    ("header", "address"),
    [
        (b"203.0.113.7", "203.0.113.7"),
        (b"203.0.113.7:52100", "203.0.113.7"),
        (b"2001:db8::7", "2001:db8::7"),
        (b"[2001:db8::7]:52100", "2001:db8::7"),
        (b"198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (b"198.51.100.1,10.0.0.1 , 192.168.1.9", "192.168.1.9"),
    ],
)
async def test_the_client_is_the_last_address_that_the_proxy_names(
    header: bytes, address: str
) -> None:
    assert (await seen_through(forwarded_for(header)))["client"] == (address, 0)


async def test_a_header_that_a_client_sent_along_is_not_believed() -> None:
    seen = await seen_through(forwarded_for(b"198.51.100.1"), forwarded_for(b"203.0.113.7"))
    assert seen["client"] == ("203.0.113.7", 0)


@pytest.mark.parametrize("header", [b"", b"unknown", b"203.0.113.7,", b"1.2.3", b"\xff\xfe", b"["])
async def test_what_is_no_address_leaves_the_one_of_the_connection(header: bytes) -> None:
    assert (await seen_through(forwarded_for(header)))["client"] == PROXY


@pytest.mark.parametrize(
    ("header", "scheme"), [(b"https", "https"), (b"http", "http"), (b"gopher", "http")]
)
async def test_the_scheme_is_the_one_that_the_browser_used(header: bytes, scheme: str) -> None:
    assert (await seen_through((b"x-forwarded-proto", header)))["scheme"] == scheme


async def test_the_start_of_the_application_has_no_client() -> None:
    assert (await seen_through(forwarded_for(b"203.0.113.7"), kind="lifespan"))["client"] == PROXY
