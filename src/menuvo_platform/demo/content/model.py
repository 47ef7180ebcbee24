"""What the demo restaurant is made of, as plain values.

Texts come in German and English, prices gross in cents, times as local minutes of the day (past
midnight above 1440), allergens as keys with the cereal or nut named ("gluten:wheat"), additives as
keys.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Key = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Words = Annotated[str, Meta(min_length=2)]
Cents = Annotated[int, Meta(gt=0)]
Weekday = Annotated[int, Meta(ge=0, le=6)]
"""Monday is 0, as in datetime."""

Allergen = Literal[
    "gluten:wheat",
    "gluten:rye",
    "gluten:barley",
    "gluten:oats",
    "gluten:spelt",
    "crustaceans",
    "eggs",
    "fish",
    "peanuts",
    "soy",
    "milk",
    "nuts:almond",
    "nuts:hazelnut",
    "nuts:walnut",
    "nuts:cashew",
    "nuts:pecan",
    "nuts:brazil",
    "nuts:pistachio",
    "nuts:macadamia",
    "celery",
    "mustard",
    "sesame",
    "sulphites",
    "lupin",
    "molluscs",
]
Additive = Literal[
    "preservative",
    "colour",
    "antioxidant",
    "saccharin",
    "cyclamate",
    "aspartame",
    "acesulfame",
    "phosphate",
    "sulphured",
    "quinine",
    "caffeine",
    "flavour_enhancer",
    "blackened",
    "waxed",
    "genetically_modified",
]
Diet = Literal["vegetarian", "vegan"]
Tax = Literal["food", "drink"]
MinimumAge = Literal[16, 18]
Choice = Literal["single", "multiple"]


class Value(Struct, frozen=True, forbid_unknown_fields=True):
    """A misspelt field is an error, not a field that is silently lost."""


class Text(Value, frozen=True, kw_only=True):
    de: Words
    en: Words


class Business(Value, frozen=True, kw_only=True):
    """The legal entity, as the imprint names it."""

    legal_name: Words
    represented_by: tuple[str, ...]
    register_court: Words
    register_number: Words
    vat_id: Words
    street: Words
    postcode: Annotated[str, Meta(pattern=r"^\d{5}$")]
    town: Words
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
    phone: Annotated[str, Meta(pattern=r"^\+\d{7,15}$")]
    email: Words


class Person(Value, frozen=True, kw_only=True):
    name: Words
    email: Words


class Store(Value, frozen=True, kw_only=True):
    slug: Key
    name: Words
    tagline: Text
    time_zone: Words
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
    languages: tuple[Literal["de", "en"], ...]


class Slot(Value, frozen=True, kw_only=True):
    """A time of opening; `closes` is above 1440 when it is past midnight."""

    weekday: Weekday
    opens: Annotated[int, Meta(ge=0, lt=1440)]
    closes: Annotated[int, Meta(gt=0, le=2880)]


class Table(Value, frozen=True, kw_only=True):
    zone: Text
    name: Text
    code: Key


class Modifier(Value, frozen=True, kw_only=True):
    key: Key
    name: Text
    price_cents: int = 0
    """What it adds to the price; negative when it makes the dish cheaper."""
    allergens: tuple[Allergen, ...]
    additives: tuple[Additive, ...] = ()
    default: bool = False


class ModifierGroup(Value, frozen=True, kw_only=True):
    key: Key
    name: Text
    choice: Choice
    minimum: Annotated[int, Meta(ge=0)]
    maximum: Annotated[int, Meta(ge=1)]
    free: Annotated[int, Meta(ge=0)] = 0
    """So many choices cost nothing, the cheapest first."""
    tax: Tax = "food"
    modifiers: tuple[Modifier, ...]


class Item(Value, frozen=True, kw_only=True):
    key: Key
    name: Text
    description: Text
    kitchen_name: Annotated[str, Meta(min_length=2, max_length=20)]
    price_cents: Cents
    tax: Tax = "food"
    allergens: tuple[Allergen, ...]
    """Always given: an empty list says that there are none."""
    traces: tuple[Allergen, ...] = ()
    additives: tuple[Additive, ...] = ()
    diet: tuple[Diet, ...] = ()
    volume_ml: Annotated[int, Meta(gt=0)] | None = None
    alcohol: bool = False
    minimum_age: MinimumAge | None = None
    sold_out: bool = False
    picture: Key | None = None
    groups: tuple[Key, ...] = ()
    """Keys of the modifier groups, in the order they are asked."""


class Category(Value, frozen=True, kw_only=True):
    key: Key
    name: Text
    description: Text | None = None
    items: tuple[Item, ...]


class Demo(Value, frozen=True, kw_only=True):
    business: Business
    owner: Person
    kitchen: Person
    store: Store
    hours: tuple[Slot, ...]
    tables: tuple[Table, ...]
    groups: tuple[ModifierGroup, ...]
    categories: tuple[Category, ...]
