from menuvo_platform.accounts.roles import EVERYTHING, RIGHTS
from menuvo_platform.console.home.queries import Setup
from menuvo_platform.console.home.views import next_steps

READY = Setup(items=80, items_without_allergens=0, items_without_picture=0, tables=12, orders=3)


def names(setup: Setup) -> list[str]:
    return [step.name for step in next_steps(setup, EVERYTHING)]


def test_a_store_that_is_prepared_needs_nothing() -> None:
    assert names(READY) == []


def test_a_new_store_begins_with_its_menu() -> None:
    assert names(Setup(0, 0, 0, 0, 0)) == ["import_menu"]


def test_then_it_is_tried_out_and_made_beautiful() -> None:
    setup = Setup(items=80, items_without_allergens=2, items_without_picture=5, tables=12, orders=0)
    assert names(setup) == ["name_allergens", "try_an_order", "add_pictures"]


def test_nobody_is_sent_where_they_may_not_go() -> None:
    assert next_steps(Setup(0, 1, 1, 0, 0), RIGHTS["kitchen"]) == ()
