import pytest
from sqlalchemy.exc import DBAPIError

from menuvo_platform.jobs.failure import LONGEST, describe


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("the first line\nthe second"), "ValueError: the first line"),
        (TimeoutError(), "TimeoutError"),
        (
            OSError("redis://:hunter2@host:6379 is away"),
            "OSError: redis://[REDACTED]@host:6379 is away",
        ),
        (
            OSError("postgresql://menuvo:hunter2@db/menuvo"),
            "OSError: postgresql://[REDACTED]@db/menuvo",
        ),
        (RuntimeError("Password=hunter2 refused"), "RuntimeError: Password=[REDACTED] refused"),
        (RuntimeError("a\x00b"), "RuntimeError: ab"),
    ],
)
def test_an_error_is_told_in_one_line_without_secrets(error: BaseException, line: str) -> None:
    assert describe(error) == line


def test_an_error_of_the_database_is_told_without_the_rows_it_was_about() -> None:
    error = DBAPIError("INSERT ...", {"name": "Paula Probe"}, ValueError("duplicate key"))
    assert describe(error) == "ValueError: duplicate key"


def test_an_error_is_short() -> None:
    assert len(describe(ValueError("x" * 10_000))) == LONGEST
