"""What stands beside a dish: how much, for whom, and what the law wants said about its contents."""

from collections.abc import Iterable
from typing import TypeAlias

from menuvo_platform.menus import additives, allergens
from menuvo_platform.menus.schemas import MenuItem, MenuModifier
from menuvo_platform.web.catalogue import Catalogue
from menuvo_platform.web.formats import money, volume

Declared: TypeAlias = MenuItem | MenuModifier

# Strictest first: what is vegan is vegetarian as well, and is not called that too.
DIETS = ("vegan", "vegetarian", "gluten_free", "lactose_free")


def diets_of(item: MenuItem) -> tuple[str, ...]:
    implied = {"vegetarian"} if "vegan" in item.diets else set[str]()
    return tuple(diet for diet in DIETS if diet in implied.union(item.diets))


def signs(item: MenuItem, language: str, words: Catalogue) -> tuple[str, ...]:
    """Short words: the volume of a drink, the age it is sold from, the diets it suits."""
    vegan = "vegan" in item.diets
    diets = [diet for diet in diets_of(item) if not (vegan and diet == "vegetarian")]
    return (
        *([volume(item.volume_ml, language)] if item.volume_ml else []),
        *([words.text("shop.minimum_age", age=item.minimum_age)] if item.minimum_age else []),
        *(words.text(f"shop.diet.{diet}") for diet in diets),
    )


def deposit_of(item: MenuItem, currency: str, language: str, words: Catalogue) -> tuple[str, ...]:
    """Beside the price and not within it (section 7 PAngV); nothing without one."""
    if not item.deposit_cents:
        return ()
    return (words.text("shop.item.deposit", deposit=money(item.deposit_cents, currency, language)),)


def marks(declared: Declared, scheme: str) -> tuple[str, ...]:
    """The letters of the allergens, then the numbers of the additives."""
    letters = allergens.letters(declared.allergens, scheme)
    return (*letters, *(str(number) for number in additives.numbers(declared.additives)))


def legend(
    declared: Iterable[Declared], scheme: str, words: Catalogue
) -> tuple[tuple[str, str], ...]:
    """Each mark that occurs, with its words; gluten and nuts with the kinds that occur."""
    known = list(declared)
    names = allergens.in_order(name for one in known for name in one.allergens)
    keys = dict.fromkeys(allergens.key_of(name) for name in names)
    numbers = additives.numbers(key for one in known for key in one.additives)
    return (
        *((allergens.letter(key, scheme), _allergen(key, names, words)) for key in keys),
        *((str(number), _additive(additives.key_of_number(number), words)) for number in numbers),
    )


def allergen_words(names: Iterable[str], words: Catalogue) -> str:
    """In full, for who does not know the letters: "Weizen, Eier, Milch"."""
    return ", ".join(words.text(allergens.message_id(name)) for name in allergens.in_order(names))


def additive_words(keys: Iterable[str], words: Catalogue) -> str:
    numbers = additives.numbers(keys)
    return ", ".join(_additive(additives.key_of_number(number), words) for number in numbers)


def _allergen(key: str, names: Iterable[str], words: Catalogue) -> str:
    kinds = [name for name in names if allergens.key_of(name) == key and name != key]
    word = words.text(allergens.message_id(key))
    return f"{word} ({allergen_words(kinds, words)})" if kinds else word


def _additive(key: str, words: Catalogue) -> str:
    return words.text(additives.message_id(key))
