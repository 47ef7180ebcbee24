"""Where an empty server gets its packages: this machine's mirror, and a stand-in for Docker's."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from http.server import (
    BaseHTTPRequestHandler,
    HTTPServer,
    SimpleHTTPRequestHandler,
    ThreadingHTTPServer,
)
from pathlib import Path
from socket import socket
from threading import Thread

_HANDED_ON = ("Range", "If-Range", "If-Modified-Since", "Cache-Control")


class _Forwarding(BaseHTTPRequestHandler):
    """A proxy, because the server's network leads nowhere else."""

    def do_GET(self) -> None:
        headers = {name: self.headers[name] for name in _HANDED_ON if name in self.headers}
        request = urllib.request.Request(self.path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                self._answer(answer.status, answer.headers.items(), answer.read())
        except urllib.error.HTTPError as refusal:
            self._answer(refusal.code, refusal.headers.items(), refusal.read())

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in {"transfer-encoding", "connection", "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, as it is called
        """It talks to nobody."""


class _Files(SimpleHTTPRequestHandler):
    # apt takes the end of a connection that was to be kept for a broken one.
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, as it is called
        """It talks to nobody."""


@contextmanager
def forwarding(listener: socket) -> Generator[None]:
    with _served(listener, ThreadingHTTPServer(("", 0), _Forwarding, bind_and_activate=False)):
        yield


@contextmanager
def serving(listener: socket, folder: Path, certificate: Path) -> Generator[None]:
    """`certificate` is a PEM file with its key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    handler = partial(_Files, directory=str(folder))
    server = ThreadingHTTPServer(("", 0), handler, bind_and_activate=False)
    with _served(context.wrap_socket(listener, server_side=True), server):
        yield


@contextmanager
def _served(listener: socket, server: HTTPServer) -> Generator[None]:
    server.socket.close()
    server.socket = listener
    server.server_address = listener.getsockname()
    server.server_name, server.server_port = "stand-in", listener.getsockname()[1]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
