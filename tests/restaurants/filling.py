"""Restaurants with some weeks of orders, for who needs a database of a realistic size.

They are copies of the demo's restaurant, which must be there, and are written by the owner of the
database through the real schema, with every rule of it in force; the platform serves them.
"""

from datetime import date
from pathlib import Path

PER_DAY = 100
DAYS = 30
# With its indexes, as PostgreSQL counts it; a test holds it.
_MEGABYTES_A_RESTAURANT = 10
_PARTS = ("tools", "restaurant", "orders")


def scripts(megabytes: int, until: date) -> list[str]:
    """One for each restaurant, a transaction each, to be run in any order.

    Guests who wrote something are forgotten by the platform after 60 days, so `until` is today
    where nothing must change by itself.
    """
    return [_script(number, until) for number in range(1, _restaurants_of(megabytes) + 1)]


def orders_of(megabytes: int) -> int:
    """How many orders these have."""
    return _restaurants_of(megabytes) * PER_DAY * DAYS


def _restaurants_of(megabytes: int) -> int:
    return max(1, round(megabytes / _MEGABYTES_A_RESTAURANT))


def _script(restaurant: int, until: date) -> str:
    facts = (
        "CREATE TEMPORARY TABLE facts ON COMMIT DROP AS "
        f"SELECT {restaurant} AS restaurant, date '{until}' AS until, "
        f"{PER_DAY} AS per_day, {DAYS} AS days;\n"
    )
    parts = "".join(Path(__file__).with_name(f"{part}.sql").read_text() for part in _PARTS)
    return f"BEGIN;\n{facts}{parts}COMMIT;\n"
