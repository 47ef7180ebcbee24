"""When is a new instance worse than an old one?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuvo_ops.rollout.soak import Sample, difference, parse, verdict

PRINTED = """\
# HELP menuvo_http_requests_total Requests by status
menuvo_http_requests_total{status="2xx"} 90.0
menuvo_http_requests_total{status="5xx"} 10.0
menuvo_http_request_seconds_bucket{le="0.1"} 95.0
menuvo_http_request_seconds_bucket{le="0.5"} 99.0
menuvo_http_request_seconds_bucket{le="+Inf"} 100.0
menuvo_jobs_waiting 3.0
"""
_counts = st.integers(0, 10_000)


def sample(requests: int, failures: int = 0, *, slow: int = 0) -> Sample:
    buckets = {0.1: requests - slow, 1.0: requests, float("inf"): requests}
    return Sample(requests, failures, buckets)


def test_figures_are_read_from_what_the_instance_prints() -> None:
    assert parse(PRINTED) == Sample(100, 10, {0.1: 95, 0.5: 99, float("inf"): 100})
    assert parse("") == Sample()


def test_a_share_of_the_answers_is_within_a_limit() -> None:
    found = parse(PRINTED)
    assert found.seconds(0.95) == 0.1
    assert found.seconds(0.96) == 0.5
    assert Sample().seconds(0.95) == 0.0


def test_what_counts_is_what_came_since() -> None:
    assert difference(sample(150, 4), sample(100, 1)) == sample(50, 3)


def test_an_instance_that_started_again_counts_from_its_start() -> None:
    assert difference(sample(20, 1), sample(100, 1)) == sample(20, 1)


@pytest.mark.parametrize(
    ("new", "control"),
    [
        (sample(0), sample(0)),
        (sample(100), sample(100)),
        (sample(100, 2), sample(100)),
        (sample(100, 10), sample(100, 9)),
        (sample(1000, 4), sample(1000)),
        (sample(39, slow=39), sample(500)),
        (sample(100, slow=100), sample(100, slow=100)),
    ],
)
def test_bad_luck_and_what_both_suffer_is_no_verdict(new: Sample, control: Sample) -> None:
    assert verdict(new, control) is None


def test_more_failures_than_the_other_are_told_with_both_figures() -> None:
    told = verdict(sample(100, 5), sample(120, 1))
    assert told == "it failed 5 of 100 requests, the other 1 of 120"


def test_being_three_times_slower_is_told_with_both_figures() -> None:
    told = verdict(sample(100, slow=10), sample(100))
    assert told == "95 % of its answers take up to 1 s, the other's 0.1 s"


@given(_counts, _counts, _counts)
def test_an_instance_is_never_worse_than_one_with_the_same_figures(
    requests: int, failures: int, slow: int
) -> None:
    same = sample(requests, min(failures, requests), slow=min(slow, requests))
    assert verdict(same, same) is None


@given(st.integers(100, 10_000), _counts)
def test_an_instance_that_fails_everything_is_worse_than_one_that_does_not(
    requests: int, others: int
) -> None:
    assert verdict(sample(requests, requests), sample(others))
