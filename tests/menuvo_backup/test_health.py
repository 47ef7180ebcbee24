import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from menuvo_backup.catalog import Catalog
from menuvo_backup.errors import NoSpace
from menuvo_backup.health import beat, find_complaints
from menuvo_backup.records import Record, id_of
from menuvo_backup.schedule import Schedule
from menuvo_backup.settings import Watch

NIGHTLY = Schedule("30 3 * * *", ZoneInfo("Europe/Berlin"))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    catalog = Catalog(tmp_path)
    catalog.remember_since(datetime.now(UTC))
    beat(tmp_path)
    return catalog


def add(catalog: Catalog, began: datetime) -> None:
    record = Record(id=id_of(began), outcome="good")
    catalog.workplace(record).mkdir()
    catalog.keep(record)


def soon() -> datetime:
    """An id knows whole seconds only."""
    return datetime.now(UTC) + timedelta(seconds=2)


def complaints(
    catalog: Catalog, *, later: timedelta = timedelta(seconds=1), verifies: bool = False
) -> list[str]:
    now = datetime.now(UTC) + later
    found = find_complaints(Watch(catalog.folder, NIGHTLY, verifies=verifies), now)
    return [str(complaint) for complaint in found]


def test_before_the_first_night_all_is_well(catalog: Catalog) -> None:
    assert complaints(catalog) == []


def test_a_scheduler_that_is_silent_for_a_minute_is_not_running(catalog: Catalog) -> None:
    heartbeat = catalog.folder / "heartbeat"
    before = datetime.now(UTC).timestamp() - 61
    os.utime(heartbeat, (before, before))
    assert "not running" in complaints(catalog)[0]
    beat(catalog.folder)
    assert complaints(catalog) == []
    heartbeat.unlink()
    assert "not running" in complaints(catalog)[0]


def test_a_failed_run_says_why_until_a_good_one_follows(catalog: Catalog) -> None:
    add(catalog, datetime.now(UTC) - timedelta(hours=1))
    catalog.fail(catalog.begin(), NoSpace("The disk was full.", hint="Make room."))
    (complaint,) = complaints(catalog)
    assert "The disk was full. Make room." in complaint
    add(catalog, datetime.now(UTC) + timedelta(seconds=1))
    assert complaints(catalog, later=timedelta(seconds=2)) == []


def test_a_run_that_lasts_hides_no_failure_before_it(catalog: Catalog) -> None:
    catalog.fail(catalog.begin(), NoSpace("The disk was full."))
    catalog.begin()
    assert "The disk was full." in complaints(catalog, later=timedelta(seconds=2))[0]


def test_after_26_hours_without_a_backup_one_is_missing(catalog: Catalog) -> None:
    now = datetime.now(UTC)
    assert "there is none since" in complaints(catalog, later=timedelta(hours=30))[0]
    add(catalog, now)
    assert complaints(catalog, later=timedelta(hours=25)) == []
    assert id_of(now) in complaints(catalog, later=timedelta(hours=30))[0]
