"""What the monitor hears, and what everybody sees of it."""

import json
import os
import shutil
from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from menuvo_backup import monitor
from menuvo_backup.catalog import Catalog
from menuvo_backup.drills import remember_drill
from menuvo_backup.errors import NoSpace
from menuvo_backup.health import beat
from menuvo_backup.monitor import (
    ARCHIVE,
    BACKUPS,
    DISK,
    DRILL,
    ENDPOINTS,
    State,
    look,
    push,
    telling,
)
from menuvo_backup.records import Record, Verified, id_of
from menuvo_backup.settings import MonitorSettings, Redacted, Watch
from menuvo_backup.wal.status import Gap, Memory, Status
from tests.alerts.gatus import Gatus, prepared_gatus
from tests.menuvo_backup.monitors import TOKEN, Stub
from tests.menuvo_backup.test_health import NIGHTLY, soon
from tests.menuvo_ops.waiting import eventually

FAILED = NoSpace("10.0.0.7 wants /var/lib/menuvo/secret.", hint="Ask db.internal.")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    catalog = Catalog(tmp_path / "backups")
    catalog.folder.mkdir()
    catalog.remember_since(datetime.now(UTC))
    beat(catalog.folder)
    return catalog


@pytest.fixture
def stub() -> Generator[Stub]:
    with Stub().listening() as stub:
        yield stub


def watch(catalog: Catalog, *, verifies: bool = False) -> Watch:
    return Watch(catalog.folder, NIGHTLY, verifies=verifies)


def add(catalog: Catalog, *, hours_ago: float, verified: bool = False) -> Record:
    began = datetime.now(UTC) - timedelta(hours=hours_ago)
    proof = Verified(began, "bucket", fetch_seconds=1, restore_seconds=1, rows=1)
    record = Record(id=id_of(began), outcome="good", verified=proof if verified else None)
    catalog.workplace(record).mkdir()
    catalog.keep(record)
    return record


def fail(catalog: Catalog) -> Record:
    return catalog.fail(catalog.begin(), FAILED)


def test_while_all_is_well_the_monitor_hears_how_old_the_last_backup_is(
    catalog: Catalog, stub: Stub
) -> None:
    add(catalog, hours_ago=5)
    push(stub.settings, BACKUPS, look(watch(catalog), datetime.now(UTC))[BACKUPS])
    (heard,) = stub.heard
    assert heard["path"] == f"/api/v1/endpoints/{BACKUPS}/external"
    assert heard["token"] == f"Bearer {TOKEN}"
    assert heard["success"] == "true"
    assert "error" not in heard
    assert int(heard["duration"].removesuffix("s")) == pytest.approx(5 * 3600, abs=5)


def test_where_backups_are_verified_the_age_is_that_of_the_last_verified_one(
    catalog: Catalog,
) -> None:
    add(catalog, hours_ago=9, verified=True)
    add(catalog, hours_ago=2)
    ages = [
        look(watch(catalog, verifies=verifies), soon())[BACKUPS].age for verifies in (True, False)
    ]
    assert [round(age / timedelta(hours=1)) for age in ages if age] == [9, 2]


def test_before_the_first_backup_there_is_no_age(catalog: Catalog, stub: Stub) -> None:
    push(stub.settings, BACKUPS, look(watch(catalog), datetime.now(UTC))[BACKUPS])
    assert stub.heard[0]["success"] == "true"
    assert "duration" not in stub.heard[0]


def test_a_failure_is_told_with_the_age_and_without_what_it_was(catalog: Catalog) -> None:
    """The page is public."""
    add(catalog, hours_ago=5)
    failed = fail(catalog)
    told = look(watch(catalog), soon())[BACKUPS].error
    assert told == f"Backup {failed.id} failed. The last backup is 5 hours old."


def test_past_26_hours_the_backup_is_missing_whatever_else_is_well(catalog: Catalog) -> None:
    add(catalog, hours_ago=1)
    later = datetime.now(UTC) + timedelta(hours=29)
    beat_at(catalog, later)
    state = look(watch(catalog), later)[BACKUPS]
    assert "A backup is missing." in state.error
    assert "The last backup is 30 hours old." in state.error


def beat_at(catalog: Catalog, moment: datetime) -> None:
    """A heart that beats on the test's day cannot beat on a later one."""
    stamp = moment.timestamp()
    os.utime(catalog.folder / "heartbeat", (stamp, stamp))


def test_it_is_told_every_period_and_at_once_when_asked(
    catalog: Catalog, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    with telling(stub.settings, watch(catalog)) as tell:
        eventually(lambda: len(of_backups(stub)) == 1, within=5)
        add(catalog, hours_ago=1)
        tell()
        eventually(lambda: len(of_backups(stub)) == 2, within=5)
        assert "duration" in of_backups(stub)[1]
        monkeypatch.setattr(monitor, "PERIOD_SECONDS", 0.05)
        tell()
        eventually(lambda: len(of_backups(stub)) > 5, within=5)


def of_backups(stub: Stub) -> list[dict[str, Any]]:
    return [heard for heard in stub.heard if BACKUPS in heard["path"]]


def test_each_thing_that_is_wrong_is_told_where_it_belongs(catalog: Catalog, stub: Stub) -> None:
    archives = replace(watch(catalog), archives=True)
    with telling(stub.settings, archives):
        eventually(lambda: len(stub.heard) == len(ENDPOINTS), within=5)
    paths = {f"/api/v1/endpoints/{endpoint}/external" for endpoint in ENDPOINTS}
    assert {heard["path"] for heard in stub.heard} == paths
    assert {heard["success"] for heard in stub.heard} == {"true"}

    fail(catalog)
    assert wrong(archives) == {BACKUPS}
    (catalog.folder / "wal").mkdir()
    Memory(catalog.folder).keep(Gap(datetime.now(UTC), "A hole."))
    Memory(catalog.folder).keep(Status(at=soon(), since=soon()))
    assert wrong(archives) == {BACKUPS, ARCHIVE}
    remember_drill(catalog.folder, "failed", datetime.now(UTC))
    assert wrong(archives) == {BACKUPS, ARCHIVE, DRILL}


def wrong(watch: Watch) -> set[str]:
    return {endpoint for endpoint, state in look(watch, soon()).items() if state.error}


def test_where_no_log_is_archived_nothing_is_said_of_it(catalog: Catalog) -> None:
    assert ARCHIVE not in look(watch(catalog), soon())


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("free", "told"), [(10, ""), (9, "Less than a tenth of the disk is free.")]
)
def test_a_disk_is_told_before_it_is_full(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, free: int, told: str
) -> None:
    def of_a_hundred(_folder: Path) -> Usage:
        return Usage(100, 100 - free, free)

    monkeypatch.setattr(shutil, "disk_usage", of_a_hundred)
    assert look(watch(catalog), soon())[DISK] == State(told)


def test_a_monitor_that_is_away_is_one_line_until_it_is_back(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(monitor, "PERIOD_SECONDS", 0.02)
    monkeypatch.setattr(monitor, "RETRY_SECONDS", 0.02)
    stub = Stub(status=401)
    with stub.listening(), telling(stub.settings, watch(catalog)):
        eventually(lambda: len(stub.heard) > 5, within=5)
        stub.status = 200
        heard = len(stub.heard)
        eventually(lambda: len(stub.heard) > heard + 5, within=5)
    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [(line["event"], line.get("cause")) for line in lines] == [
        ("monitor_not_told", "The monitor answered 401."),
        ("monitor_told_again", None),
    ]


@pytest.fixture
def alerts() -> Generator[Stub]:
    with Stub().listening() as stub:
        yield stub


@pytest.fixture
def gatus(tmp_path: Path, alerts: Stub) -> Generator[Gatus]:
    """A test cannot wait for production's silence."""
    values = {
        "BACKUP_MONITOR_TOKEN": TOKEN,
        "ALERT_WEBHOOK_URL": f"http://127.0.0.1:{alerts.port}/",
    }
    with prepared_gatus(tmp_path / "gatus", values, pace={"80s": "10s"}).running() as gatus:
        yield gatus


def settings_of(gatus: Gatus) -> MonitorSettings:
    return MonitorSettings(f"http://127.0.0.1:{gatus.port}", Redacted(TOKEN))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_in_gatus_a_failure_is_red_with_its_reason_and_one_alert_that_names_the_runbook(
    catalog: Catalog, gatus: Gatus, alerts: Stub
) -> None:
    add(catalog, hours_ago=5)
    push(settings_of(gatus), BACKUPS, look(watch(catalog), datetime.now(UTC))[BACKUPS])
    assert gatus.last(BACKUPS)["success"] is True
    assert gatus.last(BACKUPS)["duration"] == pytest.approx(5 * 3600e9, rel=0.01)
    failed = fail(catalog)
    push(settings_of(gatus), BACKUPS, look(watch(catalog), soon())[BACKUPS])
    push(settings_of(gatus), BACKUPS, look(watch(catalog), soon())[BACKUPS])
    assert gatus.last(BACKUPS)["success"] is False
    assert gatus.last(BACKUPS)["errors"] == [
        f"Backup {failed.id} failed. The last backup is 5 hours old."
    ]
    eventually(lambda: len(about_backups(alerts)) == 1, within=10)
    (message,) = about_backups(alerts)
    assert "TRIGGERED" in message
    assert "docs/runbooks/backup-failed.md" in message


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_in_gatus_silence_is_red_and_an_alert_until_the_service_speaks_again(
    gatus: Gatus, alerts: Stub
) -> None:
    well = State(error="", age=timedelta(hours=1))
    push(settings_of(gatus), BACKUPS, well)
    eventually(lambda: gatus.last(BACKUPS)["success"] is False, within=40)
    assert gatus.last(BACKUPS)["errors"] == ["heartbeat: no update received within 10s"]
    eventually(lambda: "TRIGGERED" in " ".join(about_backups(alerts)), within=10)
    for _ in range(2):
        push(settings_of(gatus), BACKUPS, well)
    eventually(lambda: "RESOLVED" in " ".join(about_backups(alerts)), within=10)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_status_page_shows_neither_hosts_nor_paths_nor_causes(
    catalog: Catalog, gatus: Gatus
) -> None:
    fail(catalog)
    push(settings_of(gatus), BACKUPS, look(watch(catalog), soon())[BACKUPS])
    shown = gatus.shown(BACKUPS)
    assert "failed" in shown
    for secret in ("10.0.0.7", "/var/lib", "db.internal", "127.0.0.1", TOKEN):
        assert secret not in shown


def about_backups(alerts: Stub) -> list[str]:
    """Nothing stands behind the other checks of these tests, so they alert as well."""
    return [heard["body"] for heard in alerts.heard if "Backups" in heard["body"]]
