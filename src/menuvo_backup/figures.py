"""How backups are doing, for Prometheus. When it is asked it reads files, and asks nobody."""

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Metric, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from menuvo_backup.catalog import Catalog
from menuvo_backup.health import find_age, find_complaints
from menuvo_backup.settings import Watch
from menuvo_backup.wal.status import Memory


def tell_figures(watch: Watch, port: int) -> None:
    """For as long as the process lives, in a thread of its own. Only what is in the networks of the
    containers reaches it: the port is published nowhere, and the proxy knows no way."""
    registry = CollectorRegistry()
    registry.register(Figures(watch))
    _ = ProcessCollector(registry=registry)
    _ = start_http_server(port, registry=registry)


class Figures(Collector):
    """What there is not yet is left out: an age of nothing would be an old one or a young one."""

    def __init__(self, watch: Watch) -> None:
        self._watch: Watch = watch

    def collect(self) -> Iterator[Metric]:
        now = datetime.now(UTC)
        complaints = find_complaints(self._watch, now)
        yield _gauge("complaints", "Things that are wrong with backups", len(complaints))
        age = find_age(self._watch, now)
        if age is not None:
            counts = "a verified one" if self._watch.verifies else "a good one"
            yield _gauge("age_seconds", f"Of the last backup, {counts}", age.total_seconds())
        last = Catalog(self._watch.folder).find_last_good()
        if last is not None and last.dump is not None:
            yield _gauge("last_bytes", "Size of the last good dump", last.dump.bytes)
            yield _gauge("last_duration_seconds", "How long it took", last.seconds)
            yield _gauge("last_timestamp_seconds", "When it began", last.began.timestamp())
        if self._watch.archives:
            yield from self._archive(now)

    def _archive(self, now: datetime) -> Iterator[Metric]:
        status = Memory(self._watch.folder).status()
        if status is None:
            return
        reached = max(status.moment or status.since, status.since)
        lag = "How much a lost server would lose now"
        yield _gauge("archive_lag_seconds", lag, max(0.0, (now - reached).total_seconds()))
        yield _gauge(
            "archive_waiting_bytes", "Of the log, here and not in the bucket", status.waiting_bytes
        )
        yield _gauge(
            "archive_retained_bytes", "Of the log, kept by PostgreSQL for us", status.retained_bytes
        )


def _gauge(name: str, described: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"menuvo_backup_{name}", described, value)
