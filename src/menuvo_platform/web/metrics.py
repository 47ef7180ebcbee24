"""What an instance has answered and how fast, for whoever compares it with another one.

Counted outside of everything else: also pages from memory, and failures that nobody turned into an
answer. Health checks and what is asked from inside come every second and say nothing of guests.
"""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

# The framework adds the charset.
MEDIA_TYPE = "text/plain; version=0.0.4"
NOT_COUNTED = frozenset({"/live", "/health", "/ready"})
INSIDE = "/internal/"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# What the server says for an application that ended without a word.
NO_ANSWER = 500


class Metrics(Collector):
    """Plain numbers, which the library only writes down: its own have locks, for threads that there
    are none of here, and cost more than all else that happens in this layer."""

    def __init__(self) -> None:
        # One of its own, so that two applications in one process do not add up.
        self._registry: CollectorRegistry = CollectorRegistry()
        self._registry.register(self)
        self._answers: Counter[int] = Counter()
        self._timed: list[int] = [0] * (len(BUCKETS) + 1)
        self._seconds: float = 0.0

    def count(self, start: HTTPResponseStartEvent | None, seconds: float) -> None:
        """`start` is None where an answer never began."""
        self._answers[start["status"] if start else NO_ANSWER] += 1
        if start is None or not _is_stream(start):
            self._timed[bisect_left(BUCKETS, seconds)] += 1
            self._seconds += seconds

    def collect(self) -> Iterator[Metric]:
        answers = CounterMetricFamily(
            "menuvo_http_requests",
            "Answers by the class of their status, without health checks",
            labels=["status"],
        )
        for first in "2345":
            of_class = (n for status, n in self._answers.items() if str(status)[0] == first)
            answers.add_metric([f"{first}xx"], sum(of_class))
        yield answers
        seconds = HistogramMetricFamily(
            "menuvo_http_request_seconds",
            "From a request to the end of its answer, without event streams",
        )
        bounds = (*map(str, BUCKETS), "+Inf")
        buckets = list(zip(bounds, accumulate(self._timed), strict=True))
        seconds.add_metric([], buckets, self._seconds)
        yield seconds

    def text(self) -> bytes:
        """In the format of Prometheus."""
        return generate_latest(self._registry)


class Metered:
    """The layer that counts what goes through it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app: ASGIApp = app
        self._metrics: Metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["path"] in NOT_COUNTED
            or scope["path"].startswith(INSIDE)
        ):
            await self._app(scope, receive, send)
            return
        start: HTTPResponseStartEvent | None = None

        async def send_and_remember(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            await send(message)

        began = time.perf_counter()
        try:
            await self._app(scope, receive, send_and_remember)
        finally:
            self._metrics.count(start, time.perf_counter() - began)


def _is_stream(start: HTTPResponseStartEvent) -> bool:
    """True for events, which go on for minutes because nothing is wrong."""
    for name, value in start["headers"]:
        if name == b"content-type":
            return value.startswith(b"text/event-stream")
    return False
