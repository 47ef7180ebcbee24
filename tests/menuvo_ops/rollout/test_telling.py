"""What one program tells, another one reads: across ssh, and across versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuvo_ops.rollout.telling import (
    Ended,
    Event,
    Noted,
    Planned,
    Probed,
    Stepped,
    as_line,
    from_line,
)

_events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Noted), st.builds(Probed), st.builds(Ended), st.builds(Stepped), st.builds(Planned)
)


@given(_events)
def test_every_event_is_one_line_and_is_read_as_it_was_told(event: Event) -> None:
    line = as_line(event)
    assert "\n" not in line
    assert from_line(line) == event


@pytest.mark.parametrize(
    "line",
    [
        "",
        "bash: warning: setlocale",
        "{}",
        "[1]",
        "null",
        '{"event": "sung", "sentence": "la"}',
        '{"event": "noted"}',
        '{"event": "noted", "sentence": "a", "colour": "green"}',
    ],
)
def test_what_is_no_event_of_ours_is_none(line: str) -> None:
    assert from_line(line) is None
