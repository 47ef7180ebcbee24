import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuvo_platform.money import Tax, parse_price, split, taxes, vat_in_gross

rates = st.sampled_from([0, 260, 700, 810, 1000, 1900, 2000])
cents = st.integers(min_value=-(10**9), max_value=10**9)


@pytest.mark.parametrize(
    ("gross", "rate", "vat"), [(1190, 1900, 190), (1070, 700, 70), (1, 1900, 0), (3, 1900, 0),
                               (4, 1900, 1), (0, 700, 0), (1000, 700, 65)]
)  # fmt: skip
def test_vat_is_rounded_half_up(gross: int, rate: int, vat: int) -> None:
    assert vat_in_gross(gross, rate) == vat


@given(cents, rates)
def test_a_refund_carries_the_vat_that_was_charged(gross: int, rate: int) -> None:
    assert vat_in_gross(-gross, rate) == -vat_in_gross(gross, rate)


@given(st.integers(min_value=0, max_value=10**9), rates)
def test_vat_is_within_half_a_cent_of_the_exact_share(gross: int, rate: int) -> None:
    exact_times_divisor = gross * rate
    assert abs(vat_in_gross(gross, rate) * (10_000 + rate) - exact_times_divisor) * 2 <= (
        10_000 + rate
    )


@given(st.lists(st.tuples(rates, st.integers(min_value=0, max_value=10**7))))
def test_net_and_vat_over_all_rates_are_the_whole(amounts: list[tuple[int, int]]) -> None:
    found = taxes(amounts)
    assert sum(tax.net_cents + tax.vat_cents for tax in found) == sum(a for _, a in amounts)
    assert [tax.rate_basis_points for tax in found] == sorted({rate for rate, _ in amounts})


def test_vat_is_computed_on_the_sum_of_a_rate_and_not_per_line() -> None:
    assert taxes([(1900, 3)] * 10) == (Tax(1900, 30, 5),)


@given(
    st.integers(min_value=0, max_value=10**9),
    st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=30),
)
def test_shares_sum_to_the_total_and_are_fair(total: int, weights: list[int]) -> None:
    shares = split(total, weights)
    assert sum(shares) == total
    assert min(shares) >= 0
    if whole := sum(weights):
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share * whole - total * weight) < whole


def test_a_negative_total_is_not_split() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        split(-1, [1])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,50 €", 1250), ("12.50", 1250), ("€ 9", 900), ("1.234,5", 123450), (",50", 50),
        ("1.250", 125000), ("9,-", None), ("free", None), ("", None), ("-3,00", None),
        (",", None), ("5²", 500),
    ],
)  # fmt: skip
def test_prices_are_read_as_people_write_them(text: str, value: int | None) -> None:
    assert parse_price(text) == value
