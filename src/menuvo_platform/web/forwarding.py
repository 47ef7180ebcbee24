"""What the proxy says of the client: its address, and whether it came by https.

Exactly one proxy stands before an instance. Whatever it appends to a list that a client has sent
stands last, so the last address is the one that it has seen itself; those before it are claims.
"""

import ipaddress

from litestar.types import ASGIApp, Receive, Scope, Send


class Forwarded:
    def __init__(self, app: ASGIApp) -> None:
        self._app: ASGIApp = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # Of several headers of one name the last one is left, as of several addresses in one.
            said = dict(scope["headers"])
            address = last_address(said.get(b"x-forwarded-for", b""))
            if address:
                scope["client"] = (address, 0)
            if said.get(b"x-forwarded-proto") in {b"http", b"https"}:
                scope["scheme"] = said[b"x-forwarded-proto"].decode()
        await self._app(scope, receive, send)


def last_address(listed: bytes) -> str | None:
    """The last address of an X-Forwarded-For, or None when what stands there is none."""
    entry = listed.decode("latin-1").rpartition(",")[2].strip()
    host = entry[1:].partition("]")[0] if entry.startswith("[") else entry
    if host.count(":") == 1:  # IPv4 with a port; an IPv6 address has two colons at least.
        host = host.partition(":")[0]
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None
