"""What the monitor hears, and what everybody sees of it."""

import json
import os
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from menuvo_backup import monitor
from menuvo_backup.catalog import Catalog
from menuvo_backup.errors import NoSpace
from menuvo_backup.health import beat
from menuvo_backup.monitor import ENDPOINT, State, look, push, telling
from menuvo_backup.records import Record, Verified, id_of
from menuvo_backup.settings import Watch
from tests.menuvo_backup.monitors import TOKEN, Gatus, Stub, running_gatus
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
    push(stub.settings, look(watch(catalog), datetime.now(UTC)))
    (heard,) = stub.heard
    assert heard["path"] == f"/api/v1/endpoints/{ENDPOINT}/external"
    assert heard["token"] == f"Bearer {TOKEN}"
    assert heard["success"] == "true"
    assert "error" not in heard
    assert int(heard["duration"].removesuffix("s")) == pytest.approx(5 * 3600, abs=5)


def test_where_backups_are_verified_the_age_is_that_of_the_last_verified_one(
    catalog: Catalog,
) -> None:
    add(catalog, hours_ago=9, verified=True)
    add(catalog, hours_ago=2)
    ages = [look(watch(catalog, verifies=verifies), soon()).age for verifies in (True, False)]
    assert [round(age / timedelta(hours=1)) for age in ages if age] == [9, 2]


def test_before_the_first_backup_there_is_no_age(catalog: Catalog, stub: Stub) -> None:
    push(stub.settings, look(watch(catalog), datetime.now(UTC)))
    assert stub.heard[0]["success"] == "true"
    assert "duration" not in stub.heard[0]


def test_a_failure_is_told_with_the_age_and_without_what_it_was(catalog: Catalog) -> None:
    """The page is public."""
    add(catalog, hours_ago=5)
    failed = fail(catalog)
    told = look(watch(catalog), soon()).error
    assert told == f"Backup {failed.id} failed. The last backup is 5 hours old."


def test_past_26_hours_the_backup_is_missing_whatever_else_is_well(catalog: Catalog) -> None:
    add(catalog, hours_ago=1)
    later = datetime.now(UTC) + timedelta(hours=29)
    beat_at(catalog, later)
    state = look(watch(catalog), later)
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
        eventually(lambda: len(stub.heard) == 1, within=5)
        add(catalog, hours_ago=1)
        tell()
        eventually(lambda: len(stub.heard) == 2, within=5)
        assert "duration" in stub.heard[1]
        monkeypatch.setattr(monitor, "PERIOD_SECONDS", 0.05)
        tell()
        eventually(lambda: len(stub.heard) > 5, within=5)


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
    address = f"http://127.0.0.1:{alerts.port}/"
    with running_gatus(tmp_path, alerts_to=address, silence="10s") as gatus:
        yield gatus


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_in_gatus_a_failure_is_red_with_its_reason_and_one_alert_that_names_the_runbook(
    catalog: Catalog, gatus: Gatus, alerts: Stub
) -> None:
    add(catalog, hours_ago=5)
    push(gatus.settings, look(watch(catalog), datetime.now(UTC)))
    assert gatus.last()["success"] is True
    assert gatus.last()["duration"] == pytest.approx(5 * 3600e9, rel=0.01)
    failed = fail(catalog)
    push(gatus.settings, look(watch(catalog), soon()))
    push(gatus.settings, look(watch(catalog), soon()))
    assert gatus.last()["success"] is False
    assert gatus.last()["errors"] == [f"Backup {failed.id} failed. The last backup is 5 hours old."]
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
    push(gatus.settings, well)
    eventually(lambda: gatus.last()["success"] is False, within=40)
    assert gatus.last()["errors"] == ["heartbeat: no update received within 10s"]
    eventually(lambda: "TRIGGERED" in " ".join(about_backups(alerts)), within=10)
    for _ in range(2):
        push(gatus.settings, well)
    eventually(lambda: "RESOLVED" in " ".join(about_backups(alerts)), within=10)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_status_page_shows_neither_hosts_nor_paths_nor_causes(
    catalog: Catalog, gatus: Gatus
) -> None:
    fail(catalog)
    push(gatus.settings, look(watch(catalog), soon()))
    shown = gatus.shown()
    assert "failed" in shown
    for secret in ("10.0.0.7", "/var/lib", "db.internal", "127.0.0.1", TOKEN):
        assert secret not in shown


def about_backups(alerts: Stub) -> list[str]:
    """Nothing stands behind the other checks of these tests, so they alert as well."""
    return [heard["body"] for heard in alerts.heard if "Backups" in heard["body"]]
