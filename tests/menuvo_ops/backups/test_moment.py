"""A moment as an operator types it, and as it is read aloud."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from menuvo_ops.backups.moment import parse, zone_named
from menuvo_ops.errors import Usage

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "typed",
    [
        *("2026-11-23 18:05", "2026-11-23T18:05", "2026-11-23 18:05:00"),
        *("2026-11-23T17:05:00Z", "2026-11-23 19:05+02:00"),
    ],
)
def test_it_is_meant_in_the_deployments_time_zone_unless_it_says_another(typed: str) -> None:
    moment = parse(typed, BERLIN)
    assert moment.at == datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
    assert moment.told == "2026-11-23 18:05:00 CET"
    assert parse(moment.written, BERLIN) == moment


def test_the_latest_needs_no_time() -> None:
    latest = parse("latest", BERLIN)
    assert (latest.at, latest.written) == (None, "latest")


@pytest.mark.parametrize("typed", ["yesterday", "2026-11-23", "18:05", "2026-13-01 10:00", ""])
def test_what_is_none_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Usage) as refused:
        parse(typed, BERLIN)
    assert '--at "2026-11-23 18:05"' in refused.value.hint


def test_a_time_that_came_twice_is_asked_for_and_can_be_typed_as_the_answer_has_it() -> None:
    with pytest.raises(Usage) as refused:
        parse("2026-10-25 02:30", BERLIN)
    first, second = refused.value.hint.removeprefix("Say which: --at ").split(" or ")
    assert parse(first.strip('"'), BERLIN).at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert parse(second.strip('"'), BERLIN).at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_time_that_never_was_is_refused() -> None:
    with pytest.raises(Usage, match="put forward"):
        parse("2026-03-29 02:30", BERLIN)


def test_a_machine_without_time_zones_reads_and_tells_utc() -> None:
    assert parse("2026-11-23 18:05", zone_named("No/Where")).told == "2026-11-23 18:05:00 UTC"
