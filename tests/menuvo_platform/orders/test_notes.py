import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuvo_platform.orders.notes import NoteTooLong, clean_note


def test_a_note_is_one_printable_line() -> None:
    assert (
        clean_note("  ohne\x00 Zwiebeln,\r\n\tbitte \ud800 👨‍🍳 ", 100)
        == "ohne Zwiebeln, bitte 👨‍🍳"
    )


def test_a_note_that_is_too_long_names_its_field() -> None:
    assert clean_note("  " + "x" * 10 + "  ", 10) == "x" * 10
    with pytest.raises(NoteTooLong) as caught:
        clean_note("x" * 11, 10, field="allergy_note")
    assert caught.value.fields == {"allergy_note": "order.note_too_long"}
    assert caught.value.facts == {"longest": 10}


@given(st.text())
def test_any_note_can_be_stored(text: str) -> None:
    note = clean_note(text, 1_000_000)
    assert "\x00" not in note
    note.encode()
    assert clean_note(note, 1_000_000) == note
