"""How the last drill went, as the monitor is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from menuvo_backup.catalog import Catalog
from menuvo_backup.cli import main
from menuvo_backup.drills import OVERDUE, find_complaints_of_drills
from menuvo_ops.drilling import remembered

NOW = datetime.now(UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BACKUP_DIR", str(tmp_path))
    Catalog(tmp_path).remember_since(NOW)
    return tmp_path


def complaints(folder: Path, *, days: float) -> list[str]:
    found = find_complaints_of_drills(folder, NOW + timedelta(days=days, minutes=1))
    return [complaint.what for complaint in found]


def test_a_drill_is_missing_after_nine_days_without_one(folder: Path) -> None:
    assert complaints(folder, days=8.9) == []
    assert complaints(folder, days=9) == ["A drill is missing"]


def test_a_drill_is_heard_of_and_begins_the_nine_days_anew(folder: Path) -> None:
    Catalog(folder).folder.joinpath("since").write_text((NOW - timedelta(days=99)).isoformat())
    assert complaints(folder, days=0) == ["A drill is missing"]
    assert main(["drilled", "good"]) == 0
    assert complaints(folder, days=8.9) == []
    assert complaints(folder, days=9.1) == ["A drill is missing"]


def test_one_that_failed_is_told_until_one_is_good(folder: Path) -> None:
    assert main(["drilled", "failed"]) == 0
    assert complaints(folder, days=0) == ["The last drill failed"]
    assert main(["drilled", "good"]) == 0
    assert complaints(folder, days=0) == []


def test_the_host_and_the_service_count_the_same_days() -> None:
    moment = (datetime.now(UTC) - OVERDUE).isoformat()
    later = (datetime.now(UTC) - OVERDUE + timedelta(minutes=1)).isoformat()
    assert remembered.Drill(moment, "good").is_overdue
    assert not remembered.Drill(later, "good").is_overdue
