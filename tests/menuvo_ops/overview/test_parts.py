"""The lines of the screen: the worst of what belongs together, and what mends it."""

import pytest
from tests.menuvo_ops.doctor.patient import Patient

from menuvo_ops.doctor.examination import CHECKS
from menuvo_ops.overview.parts import Part, look_at_parts
from menuvo_ops.overview.showing import as_lines, as_table


def parts(patient: Patient) -> dict[str, Part]:
    return {one.title: one for one in look_at_parts(patient, CHECKS)}


def test_what_is_not_here_has_no_line() -> None:
    assert "Guests" in parts(Patient())
    assert "Certificate" not in parts(Patient())


def test_of_what_belongs_together_only_what_is_wrong_is_told() -> None:
    ill = parts(Patient(health='{"status": "ok", "db": "ok", "redis": "down"}'))["Guests"]
    assert ill.status == "fail"
    assert ill.told == "The platform says of itself: redis down."
    assert ill.fix == "logs platform-a"


def test_what_is_well_is_told_together() -> None:
    well = parts(Patient())["Database"]
    assert (well.status, well.fix) == ("ok", "")
    assert well.told == "It answers; 12 MB in all. 5 of 97 connections are used."


def test_a_lost_database_is_told_and_hides_nothing_else() -> None:
    found = parts(Patient(lost={"database"}))
    assert found["Database"].told == "The database is away."
    assert found["Database"].fix == "Bring the database back."
    assert found["Redis"].status == "ok"
    assert found["Queues"] == Part("Queues", "skipped", "The database does not answer.", "")


def test_sentences_are_broken_at_the_width_of_the_terminal_and_commands_never(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    long = Part("Disk", "warn", "Little of it is free. " * 5, "docker " + "image " * 20 + "prune")
    *told, fix = as_lines([long], colours=False).splitlines()
    assert max(map(len, told)) <= 60
    assert fix.strip() == f"\u2192 {long.fix}"
    assert told[0].startswith("! Disk  Little")


def test_colours_are_for_terminals() -> None:
    ill = Part("Disk", "fail", "It is full.", "")
    assert as_lines([ill], colours=False) == "\u2717 Disk  It is full."
    assert as_lines([ill], colours=True) == "\x1b[31m\u2717\x1b[0m Disk  It is full."


def test_columns_of_a_table_stand_below_each_other() -> None:
    assert as_table([("a", "b"), ("longer", "")]) == "a       b\nlonger"


def test_what_a_job_was_given_up_for_does_nothing_to_the_terminal() -> None:
    evil = Part("Queues", "warn", "given up: \x1b]0;owned\x07", "")
    assert as_lines([evil], colours=False) == "! Queues  given up: \\x1b]0;owned\\x07"
