"""A menu as it is read: what is inactive is not in it, texts are in all their languages."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from menuvo_platform.translated import Translated


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """Sold out from `sold_out_since` until `sold_out_until`, or until it is undone."""

    sold_out_since: datetime | None = None
    sold_out_until: datetime | None = None

    def sold_out_at(self, now: datetime) -> bool:
        if self.sold_out_since is None or now < self.sold_out_since:
            return False
        return self.sold_out_until is None or now < self.sold_out_until


class Picture(msgspec.Struct, frozen=True):
    """A picture that is ready to be shown, in so many widths."""

    sha256: str
    width: int
    height: int
    widths: tuple[int, ...]
    colour: str


class MenuModifier(Stock, frozen=True, kw_only=True):
    """One choice. `price_cents` is a difference and may be negative; without a tax category of its
    own it is taxed as the item."""

    id: uuid.UUID
    handle: str
    name: Translated
    kitchen_name: str
    price_cents: int
    tax_category: str | None
    allergen_state: str
    allergens: tuple[str, ...]
    additives: tuple[str, ...]
    preselected: bool

    def available_at(self, now: datetime) -> bool:
        return self.allergen_state != "unknown" and not self.sold_out_at(now)


class MenuGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The cheapest `free_choices` of what is chosen cost nothing."""

    id: uuid.UUID
    name: Translated
    min_choices: int
    max_choices: int
    free_choices: int
    modifiers: tuple[MenuModifier, ...] = ()

    def required_at(self, now: datetime) -> int:
        """How many must be chosen: never more than there are to choose from."""
        available = sum(modifier.available_at(now) for modifier in self.modifiers)
        return min(self.min_choices, available)


class MenuItem(Stock, frozen=True, kw_only=True):
    id: uuid.UUID
    category_id: uuid.UUID
    handle: str
    name: Translated
    description: Translated
    kitchen_name: str
    price_cents: int
    deposit_cents: int
    tax_category: str
    allergen_state: str
    allergens: tuple[str, ...]
    traces: tuple[str, ...]
    additives: tuple[str, ...]
    diets: tuple[str, ...]
    volume_ml: int | None
    alcoholic: bool
    minimum_age: int | None
    picture: Picture | None = None
    groups: tuple[MenuGroup, ...] = ()


class MenuCategory(msgspec.Struct, frozen=True, kw_only=True):
    id: uuid.UUID
    name: Translated
    description: Translated
    items: tuple[MenuItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Menu:
    categories: tuple[MenuCategory, ...]

    @property
    def items(self) -> Iterator[MenuItem]:
        return (item for category in self.categories for item in category.items)
