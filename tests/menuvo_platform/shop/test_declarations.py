from menuvo_platform.shop.declarations import (
    additive_words,
    allergen_words,
    diets_of,
    legend,
    marks,
    signs,
)
from menuvo_platform.web.catalogue import Catalogues
from tests.menuvo_platform.orders.menus import item

WORDS = Catalogues().of("de")


def test_letters_come_before_numbers_and_each_once() -> None:
    dish = item(
        "Brot",
        100,
        allergens=("gluten:rye", "gluten:wheat", "milk"),
        additives=("antioxidant", "preservative"),
    )
    assert marks(dish, "de") == ("A", "G", "1", "3")


def test_austria_has_letters_of_its_own() -> None:
    assert marks(item("Suppe", 100, allergens=("celery",)), "de") == ("I",)
    assert marks(item("Suppe", 100, allergens=("celery",)), "at") == ("L",)


def test_the_legend_explains_every_mark_that_occurs_and_no_other() -> None:
    bread = item("Brot", 100, allergens=("gluten:rye", "milk"))
    ham = item("Schinken", 100, additives=("preservative",))
    assert legend([bread, ham], "de", WORDS) == (
        ("A", "Glutenhaltiges Getreide (Roggen)"),
        ("G", "Milch (einschließlich Laktose)"),
        ("1", "mit Konservierungsstoff"),
    )


def test_in_words_gluten_is_named_by_its_cereal() -> None:
    assert allergen_words(["eggs", "gluten:spelt"], WORDS) == "Dinkel, Eier"
    assert additive_words(["caffeine", "colour"], WORDS) == "mit Farbstoff, koffeinhaltig"


def test_what_is_vegan_is_found_as_vegetarian_and_called_vegan_only() -> None:
    salad = item("Salat", 100, diets=("vegan", "vegetarian"))
    assert diets_of(item("Salat", 100, diets=("vegan",))) == ("vegan", "vegetarian")
    assert signs(salad, "de", WORDS) == ("vegan",)


def test_a_drink_says_how_much_it_is_and_from_which_age() -> None:
    beer = item("Pils", 340, volume_ml=330, minimum_age=16)
    schnapps = item("Kirsch", 450, volume_ml=20, minimum_age=18)
    assert signs(beer, "de", WORDS) == ("0,33 l", "ab 16 Jahren")
    assert signs(schnapps, "en", Catalogues().of("en")) == ("2 cl", "age 18 and over")
