"""Asks the public edge ten times a second, as guests do: each time over a connection of its own.

Nine of ten questions read, one writes and takes it back. Whatever is not answered well counts.
"""

import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypedDict, cast

from menuvo_ops.rollout.edge import PROBE, Edge, ask

PER_SECOND = 10
_PATIENCE_SECONDS = 10.0
_MOST_AT_ONCE = 40
_MOST_EXAMPLES = 5
_TOLD_EVERY = 5


class _Said(TypedDict):
    release: str
    instance: str


@dataclass
class Tally:
    asked: int = 0
    failed: int = 0
    longest_seconds: float = 0.0
    examples: list[str] = field(default_factory=list[str])


class Probe:
    """A context: it asks as long as it is open."""

    def __init__(self, edge: Edge | None, told: Callable[[int, int], None]) -> None:
        self._edge: Edge | None = edge
        self._told: Callable[[int, int], None] = told
        self._tally: Tally = Tally()
        self._seen: dict[tuple[str, str], float] = {}
        self._lock: threading.Lock = threading.Lock()
        self._closed: threading.Event = threading.Event()
        self._pacer: threading.Thread | None = None

    def __enter__(self) -> "Probe":  # noqa: PYI034, server Python
        if self._edge is not None and not self._closed.is_set():
            self._pacer = threading.Thread(target=self._pace, args=(self._edge,), daemon=True)
            self._pacer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Returns when the last question was answered or given up."""
        self._closed.set()
        if self._pacer is not None:
            self._pacer.join()

    @property
    def is_on(self) -> bool:
        return self._pacer is not None

    def tally(self) -> Tally:
        with self._lock:
            return Tally(
                self._tally.asked,
                self._tally.failed,
                self._tally.longest_seconds,
                list(self._tally.examples),
            )

    def has_seen(self, version: str, instance: str, *, since: float) -> bool:
        """Whether that instance of that release answered a question asked after `since`, as
        time.monotonic tells it."""
        with self._lock:
            return self._seen.get((version, instance), 0.0) > since

    def _pace(self, edge: Edge) -> None:
        """A slow answer does not slow the questions: each has a thread."""
        began = time.monotonic()
        pool = ThreadPoolExecutor(_MOST_AT_ONCE)
        for number in itertools.count():
            due = began + number / PER_SECOND
            if self._closed.wait(max(0.0, due - time.monotonic())):
                break
            pool.submit(self._ask, edge, "POST" if number % 10 == 9 else "GET")
        # What was not asked yet is no question; what was is waited for.
        pool.shutdown(cancel_futures=True)

    def _ask(self, edge: Edge, method: str) -> None:
        started = time.monotonic()
        problem, said = _question(edge, method)
        seconds = time.monotonic() - started
        with self._lock:
            self._tally.asked += 1
            self._tally.longest_seconds = max(self._tally.longest_seconds, seconds)
            if said:
                self._seen[said["release"], said["instance"]] = started
            else:
                self._tally.failed += 1
                if len(self._tally.examples) < _MOST_EXAMPLES:
                    self._tally.examples.append(problem)
            asked, failed = self._tally.asked, self._tally.failed
        if asked % _TOLD_EVERY == 0 or not said:
            self._told(asked, failed)


def answers(edge: Edge) -> bool:
    """Whether the release that serves knows the probe."""
    return _question(edge, "GET")[1] is not None


def _question(edge: Edge, method: str) -> tuple[str, _Said | None]:
    """What is wrong with the answer, or what it said.

    Asked a second time where the connection was closed without a byte of an answer, as browsers do:
    a Caddy that reloads closes connections of HTTP/1.1 that have not sent their question yet."""
    try:
        return _ask_once(edge, method)
    except http.client.RemoteDisconnected:
        pass
    try:
        return _ask_once(edge, method)
    except http.client.RemoteDisconnected as error:
        return f"{method}, twice: {type(error).__name__} {error}", None


def _ask_once(edge: Edge, method: str) -> tuple[str, _Said | None]:
    """Raises RemoteDisconnected."""
    try:
        status, body = ask(edge, method, PROBE, seconds=_PATIENCE_SECONDS)
        if status != http.client.OK:
            return f"{method} was answered {status}", None
        return "", cast("_Said", json.loads(body))
    except http.client.RemoteDisconnected:
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"{method}: {type(error).__name__} {error}".strip(), None
