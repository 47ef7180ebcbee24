from hypothesis import given
from hypothesis import strategies as st

from menuvo_ops.local.backoff import delay_after


def test_pauses_double_up_to_half_a_minute() -> None:
    delays = [delay_after(crashes, jitter=0) for crashes in range(1, 9)]
    assert delays == [0.5, 1, 2, 4, 8, 16, 30, 30]


@given(st.integers(min_value=1, max_value=100_000))
def test_chance_takes_away_at_most_a_half(crashes: int) -> None:
    longest = delay_after(crashes, jitter=0)
    assert longest / 2 <= delay_after(crashes) <= longest
