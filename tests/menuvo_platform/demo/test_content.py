import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import msgspec
import pytest

from menuvo_platform.demo.content import Demo, Item, Modifier, Slot, Text, load_demo
from menuvo_platform.demo.content.reading import FOLDER, slot_from
from menuvo_platform.menus import additives
from menuvo_platform.menus.allergens import is_allergen

PLACEHOLDERS = re.compile(
    r"lorem|ipsum|todo|tbd|xxx|\?\?|beispiel|example|placeholder", re.IGNORECASE
)
FROM_ANIMALS = {"crustaceans", "eggs", "fish", "milk", "molluscs"}
FROM_DEAD_ANIMALS = {"crustaceans", "fish", "molluscs"}


@pytest.fixture(scope="module")
def demo() -> Demo:
    return load_demo()


@pytest.fixture(scope="module")
def items(demo: Demo) -> list[Item]:
    return [item for category in demo.categories for item in category.items]


@pytest.fixture(scope="module")
def modifiers(demo: Demo) -> list[Modifier]:
    return [modifier for group in demo.groups for modifier in group.modifiers]


def repeated(keys: Iterable[str]) -> list[str]:
    return [key for key, times in Counter(keys).items() if times > 1]


def test_the_menu_has_about_eighty_items_in_every_kind_of_category(
    demo: Demo, items: list[Item]
) -> None:
    assert 75 <= len(items) <= 90
    assert len(demo.categories) >= 9
    assert all(len(category.items) >= 4 for category in demo.categories)


def test_keys_name_one_thing_each(demo: Demo, items: list[Item], modifiers: list[Modifier]) -> None:
    assert repeated(item.key for item in items) == []
    assert repeated(category.key for category in demo.categories) == []
    assert repeated(group.key for group in demo.groups) == []
    assert repeated(modifier.key for modifier in modifiers) == []
    assert repeated(table.code for table in demo.tables) == []


def test_every_file_of_the_menu_is_on_the_menu_under_its_own_name(demo: Demo) -> None:
    files = {file.name for file in (FOLDER / "menu").iterdir()}

    assert files == {f"{category.key}.toml" for category in demo.categories}


def test_german_and_english_differ_and_neither_is_a_placeholder(items: list[Item]) -> None:
    for item in items:
        assert item.description.de != item.description.en, item.key
        for text in (item.name, item.description):
            assert not PLACEHOLDERS.search(f"{text.de} {text.en}"), item.key


def test_a_description_is_one_line_and_ends_as_a_sentence(items: list[Item]) -> None:
    for item in items:
        for line in (item.description.de, item.description.en):
            assert len(line) <= 80, line
            assert line.endswith("."), line


def test_german_texts_use_umlauts_and_sharp_s(demo: Demo, items: list[Item]) -> None:
    german = " ".join(f"{item.name.de} {item.description.de}" for item in items)

    assert all(letter in german for letter in "äöüß")
    assert not re.search(
        r"\b(fuer|ueber|kaese|spaetzle|braegele|weiss\w*)\b", german, re.IGNORECASE
    )
    assert all(isinstance(category.name, Text) for category in demo.categories)


def test_prices_are_those_of_a_restaurant(items: list[Item], modifiers: list[Modifier]) -> None:
    assert all(250 <= item.price_cents <= 3500 for item in items)
    assert all(-300 <= modifier.price_cents <= 800 for modifier in modifiers)


def test_a_negative_choice_never_makes_an_item_free(demo: Demo, items: list[Item]) -> None:
    groups = {group.key: group for group in demo.groups}
    for item in items:
        least = sum(
            min(0, *(modifier.price_cents for modifier in groups[key].modifiers))
            * groups[key].maximum
            for key in item.groups
        )
        assert item.price_cents + least > 0, item.key


def test_allergens_and_additives_are_those_the_menu_knows(
    items: list[Item], modifiers: list[Modifier]
) -> None:
    for thing in (*items, *modifiers):
        assert all(is_allergen(name) for name in thing.allergens), thing.key
        assert repeated(thing.allergens) == [], thing.key
        assert set(thing.additives) <= set(additives.KEYS), thing.key
    for item in items:
        assert all(is_allergen(name) for name in item.traces), item.key
        assert not set(item.traces) & set(item.allergens), item.key


def test_diets_agree_with_allergens(items: list[Item]) -> None:
    for item in items:
        if "vegan" in item.diet:
            assert "vegetarian" in item.diet, item.key
            assert not FROM_ANIMALS & set(item.allergens), item.key
        if "vegetarian" in item.diet:
            assert not FROM_DEAD_ANIMALS & set(item.allergens), item.key
    assert sum("vegan" in item.diet for item in items if item.tax == "food") >= 4


def test_drinks_state_their_volume_and_food_has_none(items: list[Item]) -> None:
    for item in items:
        assert (item.volume_ml is not None) == (item.tax == "drink"), item.key


def test_alcoholic_drinks_have_an_age_and_spirits_the_higher_one(items: list[Item]) -> None:
    for item in items:
        if item.tax == "drink":
            assert item.alcohol == (item.minimum_age is not None), item.key
        if item.volume_ml is not None and item.volume_ml <= 20:
            assert item.minimum_age == 18, item.key
    assert {item.minimum_age for item in items} == {None, 16, 18}


def test_one_or_two_items_are_sold_out(items: list[Item]) -> None:
    assert 1 <= sum(item.sold_out for item in items) <= 2


def test_items_ask_only_for_groups_that_exist_and_every_group_is_shared_or_steak(
    demo: Demo, items: list[Item]
) -> None:
    uses = Counter(key for item in items for key in item.groups)

    assert set(uses) == {group.key for group in demo.groups}
    assert all(times >= 2 for times in uses.values())
    assert all(repeated(item.groups) == [] for item in items)


def test_groups_can_be_answered(demo: Demo) -> None:
    for group in demo.groups:
        assert group.minimum <= group.maximum <= len(group.modifiers), group.key
        assert group.free <= group.maximum, group.key
        assert (group.maximum == 1) == (group.choice == "single"), group.key
        defaults = sum(modifier.default for modifier in group.modifiers)
        assert defaults == (1 if group.minimum == 1 else 0), group.key


def test_there_are_twelve_tables_in_two_zones(demo: Demo) -> None:
    zones = Counter(table.zone.de for table in demo.tables)

    assert zones == {"Gaststube": 8, "Garten": 4}


def test_the_house_is_open_every_day_and_past_midnight_at_the_weekend(demo: Demo) -> None:
    assert {slot.weekday for slot in demo.hours} == set(range(7))
    late = {slot.weekday for slot in demo.hours if slot.closes > 1440}
    assert late == {4, 5}


def test_slots_of_a_day_do_not_touch(demo: Demo) -> None:
    ordered = sorted(demo.hours, key=lambda slot: (slot.weekday, slot.opens))
    for slot, following in pairwise(ordered):
        days_between = (following.weekday - slot.weekday) * 1440
        assert slot.closes < following.opens + days_between


@pytest.mark.parametrize(
    ("opening", "slot"),
    [
        ("11:00-14:30", Slot(weekday=2, opens=660, closes=870)),
        ("17:00-01:00", Slot(weekday=2, opens=1020, closes=1500)),
        ("00:00-00:00", Slot(weekday=2, opens=0, closes=1440)),
    ],
)
def test_an_opening_is_read_as_minutes(opening: str, slot: Slot) -> None:
    assert slot_from(2, opening) == slot


def test_nobody_real_is_written_to_or_called(demo: Demo) -> None:
    for address in (demo.business.email, demo.owner.email, demo.kitchen.email):
        assert address.endswith("@lindenhof.example")
    # The range that the Bundesnetzagentur keeps free for films and books.
    assert re.fullmatch(r"\+4917139200\d\d", demo.business.phone)


DISH = """
key = "suppe"
name = { de = "Suppe", en = "Soup" }
description = { de = "Heiß.", en = "Hot." }
kitchen_name = "Suppe"
price_cents = 500
allergens = ["milk"]
"""


def test_a_dish_needs_no_more_than_this() -> None:
    assert msgspec.toml.decode(DISH, type=Item).allergens == ("milk",)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"milk"', '"gluten"'),
        ("price_cents = 500", "price_cents = 5.00"),
        ("price_cents = 500", "price_cents = 0"),
        ('allergens = ["milk"]', ""),
        ('kitchen_name = "Suppe"', 'kitchen_name = "Suppe"\nvegan = true'),
        (', en = "Soup"', ""),
    ],
)
def test_a_mistake_in_a_dish_is_refused(right: str, wrong: str) -> None:
    assert right in DISH
    with pytest.raises(msgspec.ValidationError):
        msgspec.toml.decode(DISH.replace(right, wrong), type=Item)
