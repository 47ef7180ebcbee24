"""All figures of an instance in the format of Prometheus: what it answered, what it holds, and the
work that waits in the ledger."""

import asyncio
from collections.abc import Iterator
from typing import cast

from prometheus_client import CollectorRegistry, Metric, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from menuvo_platform.db.session import Sessions
from menuvo_platform.jobs.metrics import Ledger
from menuvo_platform.jobs.service import read_queues
from menuvo_platform.web.metrics import Metrics

# Whoever compares two instances asks as well, and must not wait for a database that is away.
PATIENCE_SECONDS = 2.0


class Figures:
    def __init__(
        self, metrics: Metrics, engine: AsyncEngine, sessions: Sessions, release: str
    ) -> None:
        # One of its own, so that two applications in one process do not add up.
        self._registry: CollectorRegistry = CollectorRegistry()
        for collector in (metrics, _Pool(engine), _Release(release)):
            self._registry.register(collector)
        _ = ProcessCollector(registry=self._registry)
        self._sessions: Sessions = sessions

    async def text(self) -> bytes:
        """Without the ledger where the database does not answer: the others are needed then."""
        return generate_latest(self._registry) + await self._ledger()

    async def _ledger(self) -> bytes:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                queues = await read_queues(self._sessions)
        except (SQLAlchemyError, OSError):
            return b""
        registry = CollectorRegistry()
        registry.register(Ledger(queues))
        return generate_latest(registry)


class _Pool(Collector):
    def __init__(self, engine: AsyncEngine) -> None:
        self._pool: QueuePool = cast("QueuePool", engine.pool)

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "menuvo_database_connections_used",
            "Connections in the hands of requests",
            self._pool.checkedout(),
        )
        yield GaugeMetricFamily(
            "menuvo_database_connections_most",
            "As many there may be; a request that finds none waits",
            self._pool.size(),
        )


class _Release(Collector):
    def __init__(self, release: str) -> None:
        self._release: str = release

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("menuvo_release", "What serves", {"release": self._release})
