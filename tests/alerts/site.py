"""All that Gatus asks in production, in the smallest form in which one can be without the other."""

import json
import ssl
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from menuvo_ops.local.ports import free_port
from tests.alerts.listening import Answer, listening
from tests.menuvo_ops.environment.certs import make_certificate

PARTS = ("postgres", "redis", "platform-a", "platform-b", "caddy", "beszel")
INSTANCES = ("platform-a", "platform-b")
DAYS = 90


@dataclass
class Site:
    """`backlog` is what an instance says of its queues."""

    folder: Path
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in PARTS})
    backlog: dict[str, int] = field(default_factory=lambda: {"waiting_seconds": 0, "dead": 0})
    _up: dict[str, ExitStack] = field(default_factory=dict[str, ExitStack])

    @contextmanager
    def running(self) -> Generator["Site"]:
        try:
            self.start(*PARTS)
            yield self
        finally:
            self.stop(*self._up)

    def start(self, *names: str, days: int = DAYS) -> None:
        for name in names:
            tls = self._certificate(days) if name == "caddy" else None
            self._up[name] = ExitStack()
            here = self._answer_as(name)
            self._up[name].enter_context(listening(here, port=self.ports[name], tls=tls))

    def stop(self, *names: str) -> None:
        for name in list(names):
            self._up.pop(name).close()

    def _certificate(self, days: int) -> ssl.SSLContext:
        certificate, key = make_certificate(self.folder, "menuvo.example", days=days)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context

    def _answer_as(self, name: str) -> Callable[[str, bytes], Answer]:
        def answer(path: str, _body: bytes) -> Answer:
            if name == "caddy" and not any(one in self._up for one in INSTANCES):
                return HTTPStatus.SERVICE_UNAVAILABLE, "a page"
            if path == "/internal/queues" and "postgres" not in self._up:
                return HTTPStatus.SERVICE_UNAVAILABLE, "{}"
            return self._health() if path == "/health" else (HTTPStatus.OK, self._told(path))

        return answer

    def _health(self) -> Answer:
        db, redis = ("ok" if name in self._up else "error" for name in ("postgres", "redis"))
        well = db == redis == "ok"
        told = json.dumps({"status": "ok" if well else "error", "db": db, "redis": redis})
        return HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE, told

    def _told(self, path: str) -> str:
        return json.dumps(self.backlog if path == "/internal/queues" else {"status": "ok"})
