"""The way between a browser and the stack, as bad as a cellar makes it."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from enum import Enum
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import cast
from urllib.parse import urlsplit, urlunsplit

CHUNK = 65_536
BAD_GATEWAY = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 21\r\n"
    b"Connection: close\r\n\r\n<h1>Bad Gateway</h1>\r\n"
)


class Reception(Enum):
    GOOD = "everything passes"
    DEAF = "requests arrive, answers never do"
    BROKEN = "a proxy answers that nobody is behind it"


class Line(ThreadingTCPServer):
    """A port of this machine that leads to the stack. `reception` may be changed at any moment, and
    holds for connections that are open as well."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, base_url: str) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.stack: tuple[str, int] = ("127.0.0.1", urlsplit(base_url).port or 80)
        self.reception: Reception = Reception.GOOD

    def by(self, url: str) -> str:
        """The same page, by this line."""
        return urlunsplit(urlsplit(url)._replace(netloc=f"localhost:{self.server_address[1]}"))


class _Connection(BaseRequestHandler):
    def handle(self) -> None:
        line, browser = cast("Line", self.server), cast("socket.socket", self.request)
        with socket.create_connection(line.stack) as stack, suppress(OSError):
            answers = threading.Thread(
                target=_carry_answers, args=(line, stack, browser), daemon=True
            )
            answers.start()
            while chunk := browser.recv(CHUNK):
                if line.reception is Reception.BROKEN:
                    browser.sendall(BAD_GATEWAY)
                    return
                stack.sendall(chunk)


def _carry_answers(line: Line, stack: socket.socket, browser: socket.socket) -> None:
    with suppress(OSError):
        while chunk := stack.recv(CHUNK):
            if line.reception is not Reception.DEAF:
                browser.sendall(chunk)


@contextmanager
def line_to(base_url: str) -> Generator[Line]:
    with Line(base_url) as line:
        carrying = threading.Thread(target=line.serve_forever, daemon=True)
        carrying.start()
        try:
            yield line
        finally:
            line.shutdown()
            carrying.join()
