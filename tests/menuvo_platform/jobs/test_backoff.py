from hypothesis import given
from hypothesis import strategies as st

from menuvo_platform.jobs.backoff import LONGEST_SECONDS, backoff_seconds

attempts = st.integers(min_value=1, max_value=10_000)
chances = st.floats(min_value=0, max_value=1, exclude_max=True)


@given(attempts, chances)
def test_a_wait_is_never_shorter_than_half_of_it_and_never_longer_than_the_longest(
    attempt: int, chance: float
) -> None:
    assert backoff_seconds(attempt, 0) <= backoff_seconds(attempt, chance) <= LONGEST_SECONDS
    assert backoff_seconds(attempt, chance) <= 2 * backoff_seconds(attempt, 0)


@given(attempts, chances)
def test_waits_grow_with_the_attempts(attempt: int, chance: float) -> None:
    assert backoff_seconds(attempt, chance) <= backoff_seconds(attempt + 1, chance)


def test_the_first_waits_are_seconds_and_the_last_a_quarter_of_an_hour() -> None:
    assert [backoff_seconds(attempt, 0) for attempt in (1, 2, 3, 20)] == [1, 2, 4, 450]
