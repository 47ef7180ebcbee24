"""The figures of jobs, for Prometheus: what a worker did, and what waits in the ledger.

Kinds and queues are ours and few, so their names can be labels; merchants and jobs cannot.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Info,
    Metric,
    ProcessCollector,
    Summary,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from menuvo_platform.jobs.models import QUEUES
from menuvo_platform.jobs.queries import QueueState

Outcome: TypeAlias = Literal["done", "failed", "dead", "handed_back", "lost"]
STATES = ("queued", "running", "dead")


class WorkerMetrics:
    """Since the worker started."""

    def __init__(self) -> None:
        # One of its own, so that two workers in one process do not add up.
        self.registry: CollectorRegistry = CollectorRegistry()
        self._ended: Counter = Counter(
            "menuvo_jobs_ended",
            "Attempts by kind and how they ended",
            ["kind", "outcome"],
            registry=self.registry,
        )
        self._seconds: Summary = Summary(
            "menuvo_job_seconds",
            "How long attempts took, whatever came of them",
            ["kind"],
            registry=self.registry,
        )
        _ = ProcessCollector(registry=self.registry)

    def ended(self, kind: str, outcome: Outcome) -> None:
        self._ended.labels(kind, outcome).inc()

    def took(self, kind: str, seconds: float) -> None:
        self._seconds.labels(kind).observe(seconds)

    def serve(self, port: int, release: str) -> None:
        """For as long as the process lives, in a thread of its own. Only what is in the networks of
        the containers reaches it: the port is published nowhere, and the proxy knows no way."""
        Info("menuvo_release", "What works", registry=self.registry).info({"release": release})
        _ = start_http_server(port, registry=self.registry)


class Ledger(Collector):
    """Of all merchants. Every instance tells the same."""

    def __init__(self, queues: Sequence[QueueState]) -> None:
        self._queues: Sequence[QueueState] = queues

    def collect(self) -> Iterator[Metric]:
        many = GaugeMetricFamily(
            "menuvo_jobs",
            "Jobs by queue and state; the dead wait for a decision",
            labels=["queue", "state"],
        )
        oldest = GaugeMetricFamily(
            "menuvo_jobs_waiting_seconds",
            "For how long the job that is due longest has waited for a worker",
            labels=["queue"],
        )
        found = {(one.queue, one.state): one for one in self._queues}
        for queue in QUEUES:
            for state in STATES:
                there = found.get((queue, state))
                many.add_metric([queue, state], there.jobs if there else 0)
            waiting = found.get((queue, "queued"))
            oldest.add_metric([queue], waiting.waiting_seconds if waiting else 0)
        yield many
        yield oldest
