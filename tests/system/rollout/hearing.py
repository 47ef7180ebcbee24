"""The operator's second channel: a webhook that keeps what it is told."""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Webhook:
    url: str
    told: list[str] = field(default_factory=list[str])
    asked: list[str] = field(default_factory=list[str])

    def take(self) -> list[str]:
        """What was told since the last time."""
        taken, self.told = self.told, []
        return taken


@contextmanager
def listening_webhook(address: str = "127.0.0.1") -> Generator[Webhook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            webhook.told.append(json.loads(body)["text"])
            webhook.asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer((address, 0), Handler) as server:
        webhook = Webhook(f"http://{address}:{server.server_port}/hook")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield webhook
        finally:
            server.shutdown()
            thread.join()
