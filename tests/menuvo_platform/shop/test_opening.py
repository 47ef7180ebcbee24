from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from menuvo_platform.shop.opening import Day, next_midnight, opening_of
from menuvo_platform.stores.hours import Slot
from menuvo_platform.stores.schemas import StoreView
from tests.menuvo_platform.rows import new_id, store_values

# A Tuesday, 13:00 in Berlin.
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def store(*slots: Slot, **values: object) -> StoreView:
    row = {
        **store_values(new_id(), slug="probe"),
        "tagline": {},
        "phone": "",
        "email": "",
        "day_starts_at": 300,
        "minutes_to_ready": 20,
        "ordering_paused_until": None,
        "active": True,
        "menu_revision": 1,
        "languages": ["de"],
        "allergen_scheme": "de",
        "slots": slots,
        **values,
    }
    return msgspec.convert(row, StoreView)


@pytest.mark.parametrize(
    ("slot", "day"),
    [
        (Slot(1, 17 * 60, 22 * 60), "today"),
        (Slot(2, 11 * 60, 14 * 60), "tomorrow"),
        (Slot(6, 11 * 60, 14 * 60), "this_week"),
        (Slot(1, 9 * 60, 12 * 60), "later"),
    ],
)
def test_how_far_away_the_next_opening_is(slot: Slot, day: Day) -> None:
    opening = opening_of(store(slot), NOON)
    assert (opening.is_open, opening.day) == (False, day)
    assert not opening.takes_orders


def test_an_open_store_says_until_when_even_past_midnight() -> None:
    opening = opening_of(store(Slot(1, 11 * 60, 25 * 60)), NOON)
    assert opening.is_open
    assert opening.changes_at == datetime(2026, 11, 25, 0, tzinfo=UTC)


def test_a_store_without_hours_never_opens() -> None:
    assert opening_of(store(), NOON).day == "never"


def test_a_pause_is_over_when_it_is_over() -> None:
    slot = Slot(1, 0, 1440)
    paused = store(slot, ordering_paused_until=NOON + timedelta(minutes=5))
    assert not opening_of(paused, NOON).takes_orders
    assert opening_of(paused, NOON + timedelta(minutes=5)).takes_orders


def test_midnight_is_that_of_the_store() -> None:
    assert next_midnight(store(), NOON) == datetime(2026, 11, 24, 23, tzinfo=UTC)
