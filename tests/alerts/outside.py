"""The service behind DEADMAN_URL: raises the alarm when it has heard nothing for too long."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from tests.alerts.listening import Answer, listening


@dataclass
class Outside:
    """`patience` is the period and the grace together, in seconds."""

    patience: float
    port: int = 0
    heard: list[float] = field(default_factory=list[float])
    status: HTTPStatus = HTTPStatus.OK

    @property
    def alarmed(self) -> bool:
        return bool(self.heard) and time.monotonic() - self.heard[-1] > self.patience

    @contextmanager
    def listening(self, host: str = "127.0.0.1") -> Generator["Outside"]:
        with listening(self._answer, host, self.port) as self.port:
            yield self

    def _answer(self, path: str, body: bytes) -> Answer:
        if self.status == HTTPStatus.OK:
            self.heard.append(time.monotonic())
        return self.status, "OK"
