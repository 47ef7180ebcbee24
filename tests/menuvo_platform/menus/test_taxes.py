from datetime import date

import pytest

from menuvo_platform.menus.taxes import rates
from menuvo_platform.stores.models import FULFILMENTS


@pytest.mark.parametrize(
    ("country", "day", "fulfilment", "food", "drink"),
    [
        ("DE", date(2026, 1, 1), "dine_in", 700, 1900),
        ("DE", date(2025, 12, 31), "dine_in", 1900, 1900),
        ("DE", date(2025, 12, 31), "pickup", 700, 1900),
        ("AT", date(2026, 11, 24), "dine_in", 1000, 2000),
        ("AT", date(2026, 11, 24), "delivery", 1000, 2000),
        ("CH", date(2026, 11, 24), "dine_in", 810, 810),
        ("CH", date(2026, 11, 24), "pickup", 260, 810),
    ],
)
def test_the_rate_goes_by_country_day_and_fulfilment(
    country: str, day: date, fulfilment: str, food: int, drink: int
) -> None:
    assert rates(country, fulfilment, day) == {"food": food, "drink": drink}


@pytest.mark.parametrize("fulfilment", FULFILMENTS)
def test_an_unknown_country_or_a_day_before_the_table_has_no_rate(fulfilment: str) -> None:
    assert rates("FR", fulfilment, date(2026, 11, 24)) is None
    assert rates("DE", fulfilment, date(2023, 12, 31)) is None
