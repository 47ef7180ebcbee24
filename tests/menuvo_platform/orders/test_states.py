import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuvo_platform.orders.states import (
    MOVES,
    OPEN,
    STATES,
    back_of,
    forward_of,
    message_id,
)
from menuvo_platform.web.catalogue import Catalogues


def test_one_tap_leads_forward_and_one_back_undoes_it() -> None:
    taps = [(state, forward_of(state)) for state in OPEN]
    assert taps == [("confirmed", "preparing"), ("preparing", "ready"), ("ready", "completed")]
    assert all(to is not None and back_of(to) == state for state, to in taps)


def test_what_is_confirmed_has_no_step_back_and_what_is_completed_none_forward() -> None:
    assert back_of("confirmed") is None
    assert forward_of("completed") is None
    assert forward_of("awaiting_payment") is None
    assert forward_of("no-such") is None


def test_everything_that_is_not_final_can_be_cancelled_and_nothing_leaves_cancelled() -> None:
    cancelled = {move[0] for move, kind in MOVES.items() if kind == "cancel"}
    assert cancelled == set(STATES) - {"completed", "cancelled"}
    assert not any(origin == "cancelled" for origin, _ in MOVES)


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=30))
def test_only_payment_leads_into_the_kitchen_and_there_is_no_way_back_out(
    tried: list[tuple[str, str]],
) -> None:
    state = "awaiting_payment"
    seen = [state]
    for origin, to in tried:
        if origin == state:
            state = to
            seen.append(state)
    assert seen.count("awaiting_payment") == 1
    if set(seen) & {*OPEN, "completed"}:
        assert seen[1] == "confirmed"


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_word(state: str) -> None:
    for language in ("de", "en"):
        assert message_id(state) in Catalogues().of(language).messages
