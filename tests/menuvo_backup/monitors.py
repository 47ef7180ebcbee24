"""Who listens to the service: a stub that writes down what it hears."""

import http.server
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from menuvo_backup.settings import MonitorSettings, Redacted

TOKEN = "a-token-of-the-tests-in-one-word"


@dataclass
class Stub:
    """Answers with `status`; with None it keeps the line and says nothing."""

    status: int | None = 200
    port: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def heard_of(self, endpoint: str) -> list[dict[str, Any]]:
        return [one for one in self.heard if f"/{endpoint}/" in one["path"]]

    @property
    def settings(self) -> MonitorSettings:
        return MonitorSettings(f"http://127.0.0.1:{self.port}", Redacted(TOKEN))

    @contextmanager
    def listening(self) -> Generator["Stub"]:
        stub, over = self, threading.Event()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                address = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(address.query).items()}
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                stub.heard.append(
                    {
                        "path": address.path,
                        "token": self.headers.get("Authorization"),
                        "body": body,
                        **query,
                    }
                )
                if stub.status is None:
                    over.wait()
                    return
                self.send_response(stub.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler) as server:
            server.daemon_threads = True
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield self
            over.set()
            server.shutdown()
            thread.join()
