"""What an instance has answered and how fast, for whoever compares it with another one.

Counted outside of everything else: also pages from memory, and failures that nobody turned into an
answer. Health checks and what is asked from inside come every second and say nothing of guests.
"""

import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import accumulate
from typing import cast

from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send
from prometheus_client import Metric
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

# The framework adds the charset.
MEDIA_TYPE = "text/plain; version=0.0.4"
NOT_COUNTED = frozenset({"/live", "/health", "/ready"})
INSIDE = "/internal/"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# What the server says for an application that ended without a word.
NO_ANSWER = 500
# Addresses that lead nowhere: strangers try a thousand, and each label is kept for ever.
NO_ROUTE = "none"


class Metrics(Collector):
    """Plain numbers, which the library only writes down: its own have locks, for threads that there
    are none of here, and cost more than all else that happens in this layer."""

    def __init__(self) -> None:
        self.open_streams: int = 0
        self._answers: Counter[tuple[str, int]] = Counter()
        self._timed: list[int] = [0] * (len(BUCKETS) + 1)
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._timed_by_route: Counter[str] = Counter()

    def count(self, route: str, start: HTTPResponseStartEvent | None, seconds: float) -> None:
        """`start` is None where an answer never began."""
        self._answers[route, start["status"] if start else NO_ANSWER] += 1
        if start is None or not _is_stream(start):
            self._timed[bisect_left(BUCKETS, seconds)] += 1
            self._seconds[route] += seconds
            self._timed_by_route[route] += 1

    def collect(self) -> Iterator[Metric]:
        answers = CounterMetricFamily(
            "menuvo_http_requests",
            "Answers by the class of their status, without health checks",
            labels=["status"],
        )
        for first in "2345":
            of_class = (n for (_, status), n in self._answers.items() if str(status)[0] == first)
            answers.add_metric([f"{first}xx"], sum(of_class))
        yield answers
        yield from self._by_route()
        seconds = HistogramMetricFamily(
            "menuvo_http_request_seconds",
            "From a request to the end of its answer, without event streams",
        )
        bounds = (*map(str, BUCKETS), "+Inf")
        buckets = list(zip(bounds, accumulate(self._timed), strict=True))
        seconds.add_metric([], buckets, sum(self._seconds.values()))
        yield seconds
        yield GaugeMetricFamily(
            "menuvo_http_open_streams", "Event streams of guests and boards", self.open_streams
        )

    def _by_route(self) -> Iterator[Metric]:
        answers = CounterMetricFamily(
            "menuvo_http_route_requests",
            "Answers by the template of their address and the class of their status",
            labels=["route", "status"],
        )
        classes: Counter[tuple[str, str]] = Counter()
        for (route, status), n in self._answers.items():
            classes[route, f"{str(status)[0]}xx"] += n
        for labels, n in classes.items():
            answers.add_metric(labels, n)
        yield answers
        seconds = SummaryMetricFamily(
            "menuvo_http_route_seconds",
            "From a request to the end of its answer, by route, without event streams",
            labels=["route"],
        )
        for route, n in self._timed_by_route.items():
            seconds.add_metric([route], n, self._seconds[route])
        yield seconds


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

        streams = 0

        async def send_and_remember(message: Message) -> None:
            nonlocal start, streams
            if message["type"] == "http.response.start":
                start = message
                streams = int(_is_stream(message))
                self._metrics.open_streams += streams
            await send(message)

        began = time.perf_counter()
        try:
            await self._app(scope, receive, send_and_remember)
        finally:
            self._metrics.open_streams -= streams
            self._metrics.count(_route(scope), start, time.perf_counter() - began)


def _route(scope: Scope) -> str:
    """The framework, or the page cache, has left it there."""
    return cast("dict[str, str]", cast("object", scope)).get("path_template", NO_ROUTE)


def _is_stream(start: HTTPResponseStartEvent) -> bool:
    """True for events, which go on for minutes because nothing is wrong."""
    for name, value in start["headers"]:
        if name == b"content-type":
            return value.startswith(b"text/event-stream")
    return False
