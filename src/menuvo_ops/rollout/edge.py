"""Where guests come in: asked on this server itself, or by its name as they ask."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from types import MappingProxyType
from typing import cast

from menuvo_ops.environment import Environment
from menuvo_ops.rollout.containers import Container

PROBE = "/internal/probe"
_HEADER = "X-Menuvo-Probe"
_HERE = "127.0.0.1"
_HTTPS_PORT = "443"


@dataclass(frozen=True)
class Edge:
    """Where the edge listens on this server, under which name, and what lets the probe in."""

    domain: str
    port: int
    token: str = field(repr=False)


def find_edge(environment: Environment, caddy: "Container | None") -> "Edge | None":
    """None while nothing listens, or for a release without a probe."""
    token = environment.values.get("PROBE_TOKEN")
    port = caddy.ports.get(_HTTPS_PORT) if caddy and caddy.is_well else None
    return Edge(environment["DOMAIN"], port, token.reveal()) if port and token else None


def ask(
    edge: Edge,
    method: str,
    path: str,
    *,
    seconds: float,
    headers: Mapping[str, str] = MappingProxyType({}),
    body: bytes = b"",
) -> "tuple[int, bytes]":
    """The status and the body, whoever issued the certificate. Raises OSError or HTTPException;
    RemoteDisconnected is both."""
    connection = _Here(edge, seconds)
    try:
        ours = {"Host": edge.domain, _HEADER: edge.token, "Content-Length": str(len(body))}
        connection.request(method, path, body, {**headers, **ours})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def release_at_name(domain: str, *, seconds: float) -> str:
    """Which release answers guests who come in by the name; empty where it is no platform of ours.

    Raises HTTPException, or OSError: that is SSLCertVerificationError where browsers would warn.
    """
    connection = http.client.HTTPSConnection(domain, timeout=seconds)
    try:
        connection.request("GET", "/live")
        return connection.getresponse().getheader("X-Menuvo-Release", "")
    finally:
        connection.close()


def end_of_certificate(edge: Edge, *, seconds: float) -> datetime:
    """Whoever issued it: it is taken for an authority itself, as only then its words are read.

    Raises OSError; for one whose time is over that is SSLCertVerificationError.
    """
    with _open(edge, _TRUSTING, seconds) as presenting:
        presented = presenting.getpeercert(binary_form=True) or b""
    believing = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    believing.check_hostname = False
    believing.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    believing.load_verify_locations(cadata=presented)
    with _open(edge, believing, seconds) as believed:
        told = cast("dict[str, str]", believed.getpeercert())
    seconds_of_epoch = ssl.cert_time_to_seconds(told["notAfter"])
    return datetime.fromtimestamp(seconds_of_epoch, timezone.utc)  # noqa: UP017, server Python


def _open(edge: Edge, context: ssl.SSLContext, seconds: float) -> ssl.SSLSocket:
    """To this server itself, whatever the name resolves to."""
    plain = socket.create_connection((_HERE, edge.port), seconds)
    try:
        return context.wrap_socket(plain, server_hostname=edge.domain)
    except OSError:
        plain.close()
        raise


class _Here(http.client.HTTPSConnection):
    def __init__(self, edge: Edge, seconds: float) -> None:
        super().__init__(_HERE, edge.port, timeout=seconds)
        self._edge: Edge = edge
        self._seconds: float = seconds

    def connect(self) -> None:
        self.sock = _open(self._edge, _TRUSTING, self._seconds)


def _trusting() -> ssl.SSLContext:
    """Made once and without the system's authorities: reading those takes longer than asking."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


_TRUSTING = _trusting()
