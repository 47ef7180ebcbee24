from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from menuvo_platform.console.board.views import MOST_DONE, TicketWriter, columns, goes_back
from menuvo_platform.ids import new_id
from menuvo_platform.kitchen.schemas import Board, Ticket, TicketLine
from menuvo_platform.orders.schemas import OrderedModifier
from menuvo_platform.web.catalogue import Catalogues

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
WRITER = TicketWriter(
    base="/console/stores/1", minutes_to_ready=20, catalogue=Catalogues().of("de"), now=NOW
)


def ticket(number: int = 1, *, minutes_ago: int = 5, **values: object) -> Ticket:
    placed_at = NOW - timedelta(minutes=minutes_ago)
    plain: dict[str, object] = {
        "id": new_id(),
        "number": number,
        "state": "confirmed",
        "revision": number,
        "fulfilment": "dine_in",
        "service_point_name": "Tisch 3",
        "guest_name": "",
        "note": "",
        "allergy_note": "",
        "placed_at": placed_at,
        "promised_at": placed_at + timedelta(minutes=25),
        "changed_at": placed_at,
    }
    return msgspec.convert({**plain, **values}, Ticket)


def line(**values: object) -> TicketLine:
    plain: dict[str, object] = {
        "order_id": new_id(),
        "item_id": new_id(),
        "quantity": 2,
        "kitchen_name": "Flädlesuppe",
        "modifiers": (),
        "note": "",
        "allergens": (),
        "minimum_age": None,
    }
    return msgspec.convert({**plain, **values}, TicketLine)


def test_a_ticket_tells_its_age_and_when_it_is_due() -> None:
    view = WRITER.write(ticket(minutes_ago=7))
    assert (view.age, view.age_seconds, view.due_seconds) == ("7 min", 420, 1500)


def test_without_a_promise_the_time_of_the_store_counts() -> None:
    assert WRITER.write(ticket(promised_at=None)).due_seconds == 20 * 60


def test_an_order_of_the_next_second_is_not_older_than_nothing() -> None:
    assert WRITER.write(ticket(minutes_ago=-1)).age_seconds == 0


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({}, "Tisch 3"),
        ({"service_point_name": "", "guest_name": "Anna"}, "Anna"),
        ({"service_point_name": "", "fulfilment": "pickup"}, "Abholung"),
    ],
)
def test_a_ticket_says_where_it_goes(values: dict[str, str], place: str) -> None:
    assert WRITER.write(msgspec.structs.replace(ticket(), **values)).place == place


def test_a_line_is_told_in_the_words_of_the_kitchen() -> None:
    modifier = OrderedModifier("a", "Cress", "Kresse", "KRESSE", 50, "food", 700)
    [view] = WRITER.write(ticket(lines=(line(modifiers=(modifier,), note="warm"),))).lines
    assert (view.quantity, view.name, view.modifiers, view.note) == (
        2,
        "Flädlesuppe",
        ("KRESSE",),
        "warm",
    )


def test_the_highest_age_that_any_line_asks_for_is_checked() -> None:
    lines = (line(), line(minimum_age=16), line(minimum_age=18))
    assert WRITER.write(ticket(lines=lines)).age_check == "Ausweis prüfen: ab 18"
    assert WRITER.write(ticket(lines=(line(),))).age_check == ""


def test_columns_stand_in_the_order_of_work_each_with_its_oldest_first() -> None:
    board = Board(
        9,
        open=(ticket(1, minutes_ago=3), ticket(2, minutes_ago=8), ticket(3, state="ready")),
        done=(),
    )
    found = [
        (column.state, column.next, [ticket.number for ticket in column.tickets])
        for column in columns(board, WRITER)
    ]
    assert found == [
        ("confirmed", "preparing", [2, 1]),
        ("preparing", "ready", []),
        ("ready", "completed", [3]),
        ("completed", None, []),
    ]


def test_of_what_is_done_the_latest_are_shown_by_when_they_were_done() -> None:
    done = tuple(
        ticket(
            number,
            minutes_ago=number,
            state="completed",
            changed_at=NOW - timedelta(seconds=number),
        )
        for number in range(1, MOST_DONE + 3)
    )
    last = columns(Board(9, open=(), done=done), WRITER)[-1]
    assert [ticket.number for ticket in last.tickets] == list(range(MOST_DONE, 0, -1))


def test_only_the_first_column_has_nothing_before_it() -> None:
    assert [goes_back(state) for state in ("confirmed", "preparing", "ready", "completed")] == [
        False,
        True,
        True,
        True,
    ]
