"""Lines as the programs of the stack write them."""

from datetime import UTC, datetime

import pytest

from menuvo_ops.logs.line import Line, from_json, to_json
from menuvo_ops.logs.reading import Reader

LATER = datetime(2026, 12, 1, tzinfo=UTC)


def read(*texts: str) -> Line:
    """The last one of them."""
    reader = Reader("it", otherwise=LATER)
    return [reader.read(text) for text in texts][-1]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-30T{text}+00:00")


def test_a_line_of_the_platform_has_its_fields_beside_its_event() -> None:
    line = read(
        '{"what": "forget_guests", "rows": 0, "event": "swept", "release": "d685733",'
        ' "level": "info", "timestamp": "2026-11-30T09:42:05.890173Z"}'
    )
    assert (line.event, line.level, line.at) == ("swept", "info", utc("09:42:05.890173"))
    assert line.fields == {"what": "forget_guests", "rows": 0, "release": "d685733"}


def test_a_line_of_caddy_tells_seconds_of_the_epoch() -> None:
    line = read('{"level":"error","ts":1796042800.25,"msg":"handled request","status":502}')
    assert (line.event, line.level) == ("handled request", "error")
    assert line.at == datetime.fromtimestamp(1796042800.25, UTC)
    assert line.fields == {"status": 502}


def test_postgres_says_who_was_served_and_goes_on_with_details() -> None:
    failed = (
        "2026-11-30 09:46:24.527 UTC [19017] menuvo_app@menuvo worker-images ERROR:  no such table"
    )
    line = read(failed)
    assert (line.event, line.level, line.at) == ("no such table", "error", utc("09:46:24.527"))
    assert line.fields == {"session": "menuvo_app@menuvo worker-images", "pid": 19017}
    detail = read(failed, "2026-11-30 09:46:24.527 UTC [19017] DETAIL:  it is gone")
    assert (detail.event, detail.level) == ("DETAIL: it is gone", "error")
    assert read(failed, "\tSELECT 1").level == "error"
    assert read("2026-11-30 09:46:24.527 UTC [19017] LOG:  shutting down").level == "info"


def test_redis_tells_its_level_by_a_sign() -> None:
    line = read("19009:M 30 Nov 2026 09:46:24.522 # Redis is now ready to exit, bye bye...")
    assert (line.event, line.level) == ("Redis is now ready to exit, bye bye...", "warning")
    assert line.at.astimezone().strftime("%H:%M:%S.%f") == "09:46:24.522000"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("2026/11/30 09:46:24 [main] [ERROR] no configuration", "error"),
        ("2026/11/30 09:46:24 WARN slow answer", "warning"),
        ("schema is at 0001", ""),
        ("Traceback (most recent call last):", ""),
        ('{"half of an object', ""),
        ("[1, 2]", ""),
        ('{"deep":' * 10_000, ""),
    ],
    ids=range(7),
)
def test_what_others_say_is_kept_as_it_is(text: str, level: str) -> None:
    line = read(text)
    assert (line.event, line.level, line.text) == (text, level, text)


def test_a_line_without_a_time_is_of_the_time_of_the_one_before() -> None:
    before = '{"event": "swept", "timestamp": "2026-11-30T09:42:05Z"}'
    assert read(before, "and more").at == utc("09:42:05")
    assert read("and more").at == LATER


@pytest.mark.parametrize("moment", ["-1e300", '"yesterday"', "null", "[]"])
def test_a_time_that_is_none_is_no_time(moment: str) -> None:
    assert read(f'{{"event": "swept", "ts": {moment}}}').at == LATER


@pytest.mark.parametrize(
    "text",
    [
        "1:M 31 Feb 2026 09:46:24.522 * swept",
        "2026-02-31 09:46:24.527 UTC [1] LOG:  swept",
    ],
    ids=["redis", "postgres"],
)
def test_a_day_that_never_was_is_no_time(text: str) -> None:
    line = read(text)
    assert (line.event, line.level, line.at) == ("swept", "info", LATER)


def test_the_moment_at_which_it_was_received_counts_more_than_what_it_says() -> None:
    reader = Reader("it", otherwise=LATER)
    line = reader.read('{"event": "swept", "timestamp": "2026-11-30T09:42:05Z"}', utc("10:00:00"))
    assert line.at == utc("10:00:00")


def test_a_line_goes_over_a_wire_and_stays_the_same() -> None:
    line = read('{"event": "swept", "rows": 3, "level": "info", "ts": 1796042800.25}')
    again = from_json(to_json(line))
    assert again is not None
    assert (again.at, again.service, again.level) == (line.at, "it", "info")
    assert (again.event, again.fields) == ("swept", {"rows": 3})


@pytest.mark.parametrize("text", ["", "words", "[]", '{"event": "ended"}', '{"time": "now"}'])
def test_what_is_no_line_is_not_taken_for_one(text: str) -> None:
    assert from_json(text) is None
