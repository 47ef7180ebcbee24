"""What the status page says is down."""

import json

from menuvo_ops.doctor.production.alarms import unwell_in


def results(*outcomes: bool) -> list[dict[str, object]]:
    return [
        {"success": outcome, "timestamp": f"2026-11-28T09:{minute:02}:00.123456789Z"}
        for minute, outcome in enumerate(outcomes)
    ]


def listed(**watched: list[dict[str, object]]) -> bytes:
    return json.dumps(
        [{"name": name, "group": "Guests", "results": them} for name, them in watched.items()]
    ).encode()


def test_what_answers_again_is_not_down() -> None:
    assert unwell_in(listed(Menus=results(True, False, True), Orders=[])) == {}


def test_what_is_down_is_told_since_its_first_failure_in_a_row() -> None:
    body = listed(Menus=results(True), Orders=results(False, True, False, False))
    assert unwell_in(body) == {"Guests/Orders": "2026-11-28 09:02 UTC"}


def test_the_order_of_the_answer_does_not_matter() -> None:
    body = listed(Orders=results(True, False, False)[::-1])
    assert unwell_in(body) == {"Guests/Orders": "2026-11-28 09:01 UTC"}
