"""Where guests come in, asked on this server itself."""

import http.client
import ssl
from dataclasses import dataclass, field

_HEADER = "X-Menuvo-Probe"


@dataclass(frozen=True)
class Edge:
    """Where the edge listens on this server, under which name, and what lets the probe in."""

    domain: str
    port: int
    token: str = field(repr=False)


def ask(edge: Edge, method: str, path: str, *, seconds: float) -> "tuple[int, bytes]":
    """The status and the body. Raises OSError or HTTPException; RemoteDisconnected is both."""
    connection = _Connection(edge, seconds)
    try:
        headers = {"Host": edge.domain, _HEADER: edge.token, "Content-Length": "0"}
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class _Connection(http.client.HTTPSConnection):
    """To this server itself, whatever the name resolves to; who issued the certificate is another
    check's concern."""

    def __init__(self, edge: Edge, seconds: float) -> None:
        super().__init__("127.0.0.1", edge.port, timeout=seconds, context=_TRUSTING)
        self._name: str = edge.domain

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = _TRUSTING.wrap_socket(self.sock, server_hostname=self._name)


def _trusting() -> ssl.SSLContext:
    """Made once and without the system's authorities: reading those takes longer than asking."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


_TRUSTING = _trusting()
