"""Lines for people."""

from datetime import UTC, datetime

import pytest
from tests.menuvo_ops.pipes import read_first_line

from menuvo_ops.logs.line import Line
from menuvo_ops.logs.showing import as_text

AT = datetime(2026, 11, 30, 9, 42, 5, 890173, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock_of_berlin(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()


def test_a_line_is_told_by_the_clock_of_whoever_reads() -> None:
    line = Line(AT, "platform-a", "info", "request", {"status": 200, "path": "/{slug}"})
    assert as_text(line) == (
        "11-30 10:42:05.890 platform-a      info    request status=200 path=/{slug}"
    )


def test_an_exception_stands_below_its_line() -> None:
    fields = {"exception": "Traceback:\n  File x\nValueError: no", "instance": "it"}
    shown = as_text(Line(AT, "it", "error", "job_failed", fields))
    assert shown.splitlines()[0].endswith("error   job_failed")
    assert shown.splitlines()[1:] == ["    Traceback:", "      File x", "    ValueError: no"]


def test_what_is_nested_is_told_by_its_path_and_headers_are_not_told() -> None:
    fields = {"request": {"uri": "/ready", "headers": {"A": ["b"]}}, "sizes": [1, 2], "none": ""}
    shown = as_text(Line(AT, "caddy", "info", "handled request", fields))
    assert shown.endswith('handled request request.uri=/ready sizes=[1, 2] none=""')


@pytest.mark.parametrize("place", ["event", "field", "list", "name", "exception"])
@pytest.mark.parametrize("gap", ["", " "], ids=["a word", "words"])
def test_what_a_stranger_sent_does_nothing_to_the_terminal(place: str, gap: str) -> None:
    """C1 controls are such as well: an escape in one sign."""
    evil = f"\x1b]0;owned\x07\r{gap}\x9b31m\u202egone"
    fields = {"event": {}, "list": {"list": [evil]}, "name": {evil: 1}}.get(place, {place: evil})
    shown = as_text(Line(AT, "caddy", "info", evil if place == "event" else "said", fields))
    assert all(sign.isprintable() or sign == "\n" for sign in shown)
    assert "owned" in shown


def test_colours_are_for_terminals() -> None:
    line = Line(AT, "it", "error", "job_failed", {})
    assert "\x1b[31merror" in as_text(line, coloured=True)
    assert "\x1b" not in as_text(line)


def test_whoever_reads_only_the_beginning_is_no_error() -> None:
    shows = (
        "from datetime import datetime, timezone\n"
        "from menuvo_ops.logs.line import Line\n"
        "from menuvo_ops.logs.showing import printer\n"
        "show = printer(as_json=True, lost=lambda: None)\n"
        "for _ in range(20000): show(Line(datetime.now(timezone.utc), 'it', '', 'said'))\n"
    )
    done = read_first_line(shows)
    assert (done.returncode, done.stderr) == (0, "")
