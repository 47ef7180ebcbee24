import pytest

from menuvo_ops.environment import cron


@pytest.mark.parametrize(
    "expression",
    ["0 3 * * *", "*/15 * * * *", "0 0-6/2 1,15 * MON-FRI", "5 4 * jan,Dec 7", "59 23 31 12 0"],
)
def test_a_schedule_is_right(expression: str) -> None:
    assert cron.problem(expression) is None


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("", "has 0 fields instead of five"),
        ("0 3 * *", "has 4 fields instead of five"),
        ("0 0 3 * * *", "has 6 fields instead of five"),
        ("@daily", "has 1 fields instead of five"),
        ("60 3 * * *", "has a minute that is none: 60"),
        ("0 24 * * *", "has a hour that is none: 24"),
        ("0 3 0 * *", "has a day that is none: 0"),
        ("0 3 * 13 *", "has a month that is none: 13"),
        ("0 3 * * mo", "has a weekday that is none: mo"),
        ("0 6-2 * * *", "has a hour that is none: 6-2"),
        ("*/0 3 * * *", "has a minute that is none: */0"),
        ("5/10 3 * * *", "has a minute that is none: 5/10"),
        ("1,,2 3 * * *", "has a minute that is none: 1,,2"),
        ("² 3 * * *", "has a minute that is none: ²"),
    ],
)
def test_what_is_no_schedule_is_named(expression: str, problem: str) -> None:
    assert cron.problem(expression) == problem
