import pytest

from menuvo_platform.menus.allergens import (
    KEYS,
    KINDS,
    in_order,
    is_allergen,
    letter,
    letters,
    message_id,
)
from menuvo_platform.web.catalogue import Catalogues

NAMES = [name for name in KEYS if name not in KINDS] + [
    f"{key}:{kind}" for key, kinds in KINDS.items() for kind in kinds
]


def test_german_letters_run_from_a_to_n_in_the_order_of_the_law() -> None:
    assert letters(KEYS, "de") == tuple("ABCDEFGHIJKLMN")


@pytest.mark.parametrize(
    ("name", "austrian"), [("nuts:walnut", "H"), ("celery", "L"), ("molluscs", "R")]
)
def test_austrian_letters_leave_some_out(name: str, austrian: str) -> None:
    assert letter(name, "at") == austrian


def test_kinds_of_one_allergen_share_its_letter() -> None:
    names = ["milk", "gluten:rye", "gluten:wheat"]
    assert letters(names, "de") == ("A", "G")
    assert in_order([*names, "milk"]) == ("gluten:rye", "gluten:wheat", "milk")


@pytest.mark.parametrize("name", NAMES)
def test_every_allergen_can_be_declared_and_has_its_words(name: str) -> None:
    assert is_allergen(name)
    for language in ("de", "en"):
        assert message_id(name) in Catalogues().of(language).messages


@pytest.mark.parametrize("name", ["", "gluten", "nuts", "gluten:milk", "milk:", "milk:cow", "Milk"])
def test_anything_else_cannot(name: str) -> None:
    assert not is_allergen(name)
