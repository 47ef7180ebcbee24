"""What Prometheus reads of the backup service."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry

from menuvo_backup.catalog import Catalog
from menuvo_backup.errors import NoSpace
from menuvo_backup.figures import Figures, tell_figures
from menuvo_backup.health import beat
from menuvo_backup.records import Content, Record, id_of
from menuvo_backup.settings import Watch
from menuvo_backup.wal.status import Memory, Status
from menuvo_ops.local.ports import free_port
from tests.menuvo_backup.test_health import NIGHTLY


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    catalog = Catalog(tmp_path)
    (tmp_path / "wal").mkdir()
    catalog.remember_since(datetime.now(UTC))
    beat(tmp_path)
    return catalog


def watch(catalog: Catalog) -> Watch:
    return Watch(catalog.folder, NIGHTLY, verifies=False, archives=True)


def read(catalog: Catalog) -> dict[str, float]:
    """Without the prefix that all of them have."""
    registry = CollectorRegistry()
    registry.register(Figures(watch(catalog)))
    return {
        sample.name.removeprefix("menuvo_backup_"): sample.value
        for family in registry.collect()
        for sample in family.samples
    }


def add(catalog: Catalog, began: datetime, size: int) -> None:
    dump = Content(bytes=size, sha256="0" * 64)
    record = Record(id=id_of(began), outcome="good", seconds=12.5, dump=dump)
    catalog.workplace(record).mkdir()
    catalog.keep(record)


def test_before_the_first_backup_nothing_is_told_of_one(catalog: Catalog) -> None:
    assert read(catalog) == {"complaints": 0}


def test_the_last_good_backup_is_told_though_one_failed_since(catalog: Catalog) -> None:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)
    add(catalog, began - timedelta(days=1), size=1)
    add(catalog, began, size=4096)
    catalog.fail(catalog.begin(), NoSpace("Full.", hint="Less."))
    told = read(catalog)
    assert (told["last_bytes"], told["last_duration_seconds"]) == (4096, 12.5)
    assert told["last_timestamp_seconds"] == began.timestamp()
    assert told["age_seconds"] == pytest.approx(5 * 3600, abs=60)
    assert told["complaints"] == 1


def test_what_a_lost_server_would_lose_is_told(catalog: Catalog) -> None:
    now = datetime.now(UTC)
    status = Status(
        at=now,
        since=now - timedelta(hours=1),
        moment=now - timedelta(seconds=40),
        waiting_bytes=16,
        retained_bytes=32,
    )
    Memory(catalog.folder).keep(status)
    told = read(catalog)
    assert told["archive_lag_seconds"] == pytest.approx(40, abs=30)
    assert (told["archive_waiting_bytes"], told["archive_retained_bytes"]) == (16, 32)


def test_it_is_asked_over_http(catalog: Catalog) -> None:
    port = free_port()
    tell_figures(watch(catalog), port)
    told = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    assert "menuvo_backup_complaints 0.0" in told
    assert "process_resident_memory_bytes" in told
