"""The second channel: takes JSON with `text`, and refuses anything else, as Slack does."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from tests.alerts.listening import Answer, listening


@dataclass
class Webhook:
    port: int = 0
    delivered: list[str] = field(default_factory=list[str])
    refused: list[bytes] = field(default_factory=list[bytes])

    @contextmanager
    def listening(self, host: str = "127.0.0.1") -> Generator["Webhook"]:
        with listening(self._answer, host, self.port) as self.port:
            yield self

    def _answer(self, path: str, body: bytes) -> Answer:
        try:
            self.delivered.append(json.loads(body)["text"])
        except (ValueError, KeyError, TypeError):
            self.refused.append(body)
            return HTTPStatus.BAD_REQUEST, "invalid_payload"
        return HTTPStatus.OK, "ok"
