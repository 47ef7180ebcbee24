"""What the probe counts, against an edge that answers as it is told."""

import socket
import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.menuvo_ops.environment.certs import make_certificate

from menuvo_ops.rollout.edge import Edge
from menuvo_ops.rollout.probe import answers

Manner = Callable[[ssl.SSLSocket], None]
_SAID = b'{"release": "two", "instance": "platform-a"}'


def well(connection: ssl.SSLSocket) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(_SAID)}\r\n\r\n"
    connection.sendall(head.encode() + _SAID)


def silent(_: ssl.SSLSocket) -> None:
    """It hangs up with the question in hand."""


def cut_off(connection: ssl.SSLSocket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{")


def failing(connection: ssl.SSLSocket) -> None:
    connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize(
    ("manners", "is_well"),
    [
        ([well], True),
        ([silent, well], True),
        ([silent, silent, well], False),
        ([failing, well], False),
        ([cut_off, well], False),
    ],
    ids=["well", "closed once", "closed twice", "a bad gateway", "half an answer"],
)
def test_only_what_was_closed_without_a_byte_is_asked_again(
    tmp_path: Path, manners: list[Manner], *, is_well: bool
) -> None:
    with edge_that_answers(manners, tmp_path) as edge:
        assert answers(edge) == is_well


@contextmanager
def edge_that_answers(manners: list[Manner], folder: Path) -> Generator[Edge]:
    """One connection after the other, each in its manner."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make_certificate(folder, "menuvo.example"))
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                for manner in manners:
                    raw, _ = listener.accept()
                    with context.wrap_socket(raw, server_side=True) as connection:
                        connection.recv(65536)
                        manner(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Edge("menuvo.example", listener.getsockname()[1], "token")
