"""VAT by country, tax category, fulfilment and date, in basis points (1900 is 19 %).

Germany: section 12 (2) no. 15 UStG, food at 7 % on the premises too since 2026-01-01. Austria:
section 10 (2) UStG 1994. Switzerland: article 25 MWSTG, food served on the premises at the normal
rate. Milk drinks and other exceptions need a tax category of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

ON_THE_PREMISES = "dine_in"


@dataclass(frozen=True, slots=True)
class Rates:
    """What holds in a country from a date on."""

    since: date
    food_on_the_premises: int
    food_to_take_away: int
    drink: int


# Newest first. A change is a line more; orders keep the rates they were placed at.
COUNTRIES: Mapping[str, tuple[Rates, ...]] = MappingProxyType(
    {
        "DE": (
            Rates(date(2026, 1, 1), food_on_the_premises=700, food_to_take_away=700, drink=1900),
            Rates(date(2024, 1, 1), food_on_the_premises=1900, food_to_take_away=700, drink=1900),
        ),
        "AT": (
            Rates(date(2024, 1, 1), food_on_the_premises=1000, food_to_take_away=1000, drink=2000),
        ),
        "CH": (
            Rates(date(2024, 1, 1), food_on_the_premises=810, food_to_take_away=260, drink=810),
        ),
    }
)


def rates(country: str, fulfilment: str, day: date) -> Mapping[str, int] | None:
    """The rate of each tax category, or None where the table does not know the country or day."""
    for found in COUNTRIES.get(country, ()):
        if found.since <= day:
            on_the_premises = fulfilment == ON_THE_PREMISES
            food = found.food_on_the_premises if on_the_premises else found.food_to_take_away
            return {"food": food, "drink": found.drink}
    return None
