"""`menuvo status` on a server: what serves, the last backup, and what is wrong with backups."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.menuvo_ops.backups.engine import WINDOW, Engine, record
from tests.menuvo_ops.backups.test_verbs import FAILED, NEWEST, menuvo

from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.production.trials import archive, drill
from menuvo_ops.drilling.remembered import Drill, remember
from menuvo_ops.rollout.interruption import Interruption

PROVED = {
    "at": "2026-11-28T03:05:00Z",
    "source": "bucket",
    "fetch_seconds": 1.5,
    "restore_seconds": 8.0,
}


def text(engine: Engine, capsys: pytest.CaptureFixture[str]) -> str:
    assert menuvo(engine, "status") == 0
    return capsys.readouterr().out


def facts(engine: Engine, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert menuvo(engine, "status", "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_it_tells_what_serves_and_the_last_backup_with_its_trial(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(backups=[record(NEWEST, verified=PROVED)])
    told = text(engine, capsys)
    assert "Release 1 " in told
    [line] = [line for line in told.splitlines() if "Last backup" in line]
    assert "2026-11-28 03:00 UTC" in line
    in_one_line = " ".join(told.split())
    assert (
        "2.0 MB, 12 rows, in the bucket, restored for trial from the bucket in 8.0 s" in in_one_line
    )
    assert "Complaint" not in told


def test_a_program_gets_the_same_facts(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    engine.set(backups=[FAILED, record(NEWEST, verified=PROVED)], complaints=["All is lost."])
    found = facts(engine, capsys)
    assert (found["state"], found["release"]) == ("serving", 1)
    assert found["last_backup"]["id"] == NEWEST
    assert found["last_backup"]["verified"]["source"] == "bucket"
    assert found["backup_complaints"] == ["All is lost."]


def test_a_failure_since_is_told_once_and_every_other_complaint_too(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(
        backups=[FAILED, record(NEWEST)],
        complaints=[
            "Backup 20261128T040000Z failed: No space. Go.",
            f"A backup is missing: the last good one is {NEWEST}. Run: menuvo-backup now.",
        ],
    )
    told = text(engine, capsys)
    assert told.count("No space. Go.") == 1
    [complaint] = [line for line in told.splitlines() if "Complaint" in line]
    assert complaint.startswith("\u2717 Complaint    A backup is missing:")


def test_a_service_that_does_not_run_is_a_complaint(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(containers={**engine.state["containers"], "postgres-backup": "exited"})
    told = text(engine, capsys)
    assert "2026-11-28 03:00 UTC" in told
    assert "postgres-backup does not run, so nothing makes backups." in told


def test_backups_that_cannot_be_asked_for_hide_nothing_else(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.set(exit_codes={"list": 1})
    told = text(engine, capsys)
    assert "Release 1 " in told
    assert "The backups cannot be asked for." in told
    assert "Last backup" not in told
    assert facts(engine, capsys)["last_backup"] is None


def test_before_the_first_deploy_there_is_no_backup_to_speak_of(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    (engine.archive.root / "current").unlink()
    told = text(engine, capsys)
    assert "Nothing was deployed here yet." in told
    assert "Last backup" not in told


def test_the_age_is_that_of_today(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    began = datetime.now(UTC) - timedelta(hours=30)
    engine.set(backups=[record(f"{began:%Y%m%dT%H%M%SZ}")])
    told = text(engine, capsys)
    assert "UTC, 1 day ago:" in told
    assert "! Last backup" in told


def test_a_backup_of_last_night_is_well(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    began = datetime.now(UTC) - timedelta(hours=25)
    engine.set(backups=[record(f"{began:%Y%m%dT%H%M%SZ}")])
    assert "\u2713 Last backup" in text(engine, capsys)


def test_every_process_is_told_with_what_it_takes_and_all_of_them_together(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    told = text(engine, capsys)
    heading, *lines = told.split("\n\n")[1].splitlines()
    assert heading.split() == ["Service", "State", "Release", "Memory", "Restarts"]
    assert [line.split()[0] for line in lines[:2]] == ["platform-a", "platform-b"]
    assert "12 of 0 MiB" in lines[0]
    assert lines[-1].endswith("at most 7,680")
    first = facts(engine, capsys)["services"][0]
    assert (first["service"], first["memory"]) == ("platform-a", 13_107_200)


def test_a_container_that_vanishes_while_it_is_measured_hides_none_of_the_others(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """As each one does that a deploy replaces."""
    engine.set(vanished="platform-b")
    services = {one["service"]: one["memory"] for one in facts(engine, capsys)["services"]}
    assert services["platform-a"] == 13_107_200


def test_each_part_is_a_line_with_what_mends_it(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    remember(engine.archive, Drill("2026-11-28T04:20:00+00:00", "failed", "Nothing came back."))
    lines = text(engine, capsys).splitlines()
    [at] = [number for number, line in enumerate(lines) if " Drill " in line]
    assert lines[at].startswith("\u2717 Drill")
    assert lines[at].endswith("failed: Nothing came back.")
    assert lines[at + 1].strip() == "\u2192 menuvo drill"
    parts = {one["title"]: one for one in facts(engine, capsys)["parts"]}
    assert (parts["Drill"]["status"], parts["Drill"]["fix"]) == ("fail", "menuvo drill")


def test_the_screen_lists_no_bucket(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """Each look at the archive does, and a screen is looked at every few seconds."""
    engine.set(exit_codes={"window": 1})
    assert "told to fail" not in text(engine, capsys)


def test_the_doctor_finds_an_archive_that_ended(engine: Engine) -> None:
    ground = Deployed(engine.folder)
    engine.set(window={**WINDOW, "end": "2026-11-28T09:00:00Z"})
    ended = archive(ground)
    assert ended.status == "fail"
    assert ended.fix.startswith("docker compose logs --tail 50 postgres-backup")
    engine.set(window={**WINDOW, "end": datetime.now(UTC).isoformat()})
    assert archive(ground).status == "ok"
    assert drill(ground).status == "warn"


def test_it_is_shown_again_until_somebody_has_seen_enough(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[float] = []

    def pause(self: Interruption, seconds: float) -> None:
        shown.append(seconds)
        if len(shown) == 2:
            self.report("Ctrl-C")
            self.check()

    monkeypatch.setattr(Interruption, "pause", pause)
    assert menuvo(engine, "status", "--watch", "--json") == 0
    assert len([json.loads(line) for line in capsys.readouterr().out.splitlines()]) == 2
