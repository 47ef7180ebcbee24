"""A collector of errors that takes what Sentry's documentation of envelopes allows, and no more.

https://develop.sentry.dev/sdk/data-model/envelopes/
"""

import gzip
import json
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "0123456789abcdef0123456789abcdef"
PROJECT = "7"


class Malformed(Exception):
    pass


@dataclass
class Sentry:
    port: int = 0
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    refusals: list[str] = field(default_factory=list[str])
    # All bytes that came, as text.
    received: str = ""

    @property
    def dsn(self) -> str:
        return f"http://{KEY}@127.0.0.1:{self.port}/{PROJECT}"

    def take(self, path: str, headers: dict[str, str], body: bytes) -> str:
        """The id of the event; raises Malformed."""
        if path != f"/api/{PROJECT}/envelope/":
            raise Malformed(f"no address of an envelope: {path}")
        proof = dict(re.findall(r"(\w+)=([^,\s]+)", headers.get("x-sentry-auth", "")))
        if (proof.get("sentry_key"), proof.get("sentry_version")) != (KEY, "7"):
            raise Malformed("no proof")
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        self.received += repr(headers) + body.decode()
        first, _, rest = body.partition(b"\n")
        envelope = json.loads(first)
        if not re.fullmatch("[0-9a-f]{32}", envelope["event_id"]) or "sent_at" not in envelope:
            raise Malformed("no header of an envelope")
        while rest:
            head, _, rest = rest.partition(b"\n")
            item = json.loads(head)
            payload, rest = rest[: item["length"]], rest[item["length"] :]
            if rest[:1] not in {b"", b"\n"} or item["type"] != "event":
                raise Malformed(f"no item that was asked for: {item}")
            rest = rest[1:]
            event = json.loads(payload)
            if event["event_id"] != envelope["event_id"] or "timestamp" not in event:
                raise Malformed("another event")
            self.events.append(event)
        return envelope["event_id"]


@contextmanager
def running_sentry() -> Generator[Sentry]:
    sentry = Sentry()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                status, told = 200, {"id": sentry.take(self.path, headers, body)}
            except (Malformed, ValueError, KeyError) as error:
                sentry.refusals.append(repr(error))
                status, told = 400, {"detail": str(error)}
            answer = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002, its name there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sentry.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield sentry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
