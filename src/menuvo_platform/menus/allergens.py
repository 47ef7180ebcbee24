"""The fourteen allergens that must be declared (Regulation (EU) No 1169/2011, annex II).

Gluten and nuts name the cereal or nut: "gluten:wheat", "nuts:walnut". Their words are the messages
`allergen.milk` and `allergen.gluten.wheat`.
"""

from collections.abc import Iterable

KEYS = (
    "gluten",
    "crustaceans",
    "eggs",
    "fish",
    "peanuts",
    "soy",
    "milk",
    "nuts",
    "celery",
    "mustard",
    "sesame",
    "sulphites",
    "lupin",
    "molluscs",
)
CEREALS = ("wheat", "rye", "barley", "oats", "spelt", "khorasan")
NUTS = ("almond", "hazelnut", "walnut", "cashew", "pecan", "brazil", "pistachio", "macadamia")
KINDS = {"gluten": CEREALS, "nuts": NUTS}

# What menus print, one letter for each key. Austria leaves out letters that look like others.
SCHEMES = {"de": "ABCDEFGHIJKLMN", "at": "ABCDEFGHLMNOPR"}


def is_allergen(name: str) -> bool:
    """Whether a name can be declared: gluten and nuts only with their kind."""
    key, separator, kind = name.partition(":")
    if key in KINDS:
        return kind in KINDS[key]
    return key in KEYS and not separator


def key_of(name: str) -> str:
    """The allergen of the law that a name belongs to: "gluten" of "gluten:wheat"."""
    return name.partition(":")[0]


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order of the law, kinds by name."""
    return tuple(sorted(set(names), key=lambda name: (KEYS.index(key_of(name)), name)))


def letter(name: str, scheme: str) -> str:
    return SCHEMES[scheme][KEYS.index(key_of(name))]


def letters(names: Iterable[str], scheme: str) -> tuple[str, ...]:
    """What stands beside a dish: each letter once, in order."""
    return tuple(sorted({letter(name, scheme) for name in names}))


def message_id(name: str) -> str:
    return f"allergen.{name.replace(':', '.')}"
