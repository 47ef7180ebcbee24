"""A local server that answers as it is told and remembers what it was asked."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    authorization: str
    body: str


@dataclass(frozen=True)
class Answer:
    status: int = 200
    release: str = ""
    body: str = ""


@dataclass
class Site:
    """`answer` is told what is asked and how many questions came before."""

    answer: Callable[[Asked, int], Answer]
    url: str = ""
    asked: list[Asked] = field(default_factory=list[Asked])


@contextmanager
def running_site(answer: Callable[[Asked, int], Answer]) -> Generator[Site]:
    site = Site(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.answer()

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            authorization = self.headers.get("Authorization", "")
            asked = Asked(self.command, self.path, authorization, body)
            given = site.answer(asked, len(site.asked))
            site.asked.append(asked)
            self.send_response(given.status)
            if given.release:
                self.send_header("X-Menuvo-Release", given.release)
            self.send_header("Content-Length", str(len(given.body)))
            self.end_headers()
            self.wfile.write(given.body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """The test reads `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
