"""A moment is what the operator's clock showed, and never a guess."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from menuvo_backup.errors import NoSuchMoment
from menuvo_backup.moments import read_moment, shown

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-23 18:05", "2026-11-23T17:05"),
        ("2026-07-23 18:05:30", "2026-07-23T16:05:30"),
        (" 2026-11-23T18:05 ", "2026-11-23T17:05"),
        ("2026-11-23 18:05+00:00", "2026-11-23T18:05"),
        ("2026-11-23T18:05Z", "2026-11-23T18:05"),
        ("2026-10-25 02:30+02:00", "2026-10-25T00:30"),
        ("2026-10-25 02:30+01:00", "2026-10-25T01:30"),
        ("2026-10-25 03:00", "2026-10-25T02:00"),
        ("2026-03-29 03:00", "2026-03-29T01:00"),
    ],
)
def test_a_moment_is_in_the_operators_zone_unless_it_says_another(text: str, utc: str) -> None:
    moment = read_moment(text, BERLIN)
    assert moment == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert read_moment(shown(moment, BERLIN), BERLIN) == moment


def test_the_hour_that_comes_twice_is_refused_with_both_of_it() -> None:
    with pytest.raises(NoSuchMoment, match="02:30 comes twice in Europe/Berlin") as refused:
        read_moment("2026-10-25 02:30", BERLIN)
    assert "'2026-10-25 02:30:00+02:00' or --at '2026-10-25 02:30:00+01:00'" in refused.value.hint
    assert refused.value.exit_code == 2


def test_the_hour_that_never_comes_is_refused_with_what_it_may_mean() -> None:
    with pytest.raises(NoSuchMoment, match="does not exist: the clocks go forward") as refused:
        read_moment("2026-03-29 02:30", BERLIN)
    assert "'2026-03-29 01:30:00+01:00' or --at '2026-03-29 03:30:00+02:00'" in refused.value.hint


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-23", "2026-13-01 10:00", "18:05"])
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(NoSuchMoment) as refused:
        read_moment(text, BERLIN)
    assert "2026-11-23 18:05" in refused.value.hint
