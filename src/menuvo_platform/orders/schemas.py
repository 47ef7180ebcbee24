"""What a guest chooses, and what it is worth: the documents in carts and quotes."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from menuvo_platform.money import Tax
from menuvo_platform.orders.notes import LONGEST_LINE_NOTE, clean_note, clean_words
from menuvo_platform.translated import Translated, resolve


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language wanted, and the merchant's languages in order."""

    language: str
    languages: Sequence[str]

    def text(self, texts: Translated) -> str:
        return resolve(texts, self.language, self.languages)

    def first_text(self, texts: Translated) -> str:
        """In the merchant's first language, which the staff reads."""
        return resolve(texts, self.languages[0], self.languages)


class Choice(msgspec.Struct, frozen=True):
    """What a guest wants, by public handles: never a price. Modifiers are sorted, each once."""

    item: str
    modifiers: tuple[str, ...] = ()
    quantity: int = 1
    note: str = ""

    @property
    def kind(self) -> tuple[str, tuple[str, ...], str]:
        """Choices of one kind are one line of a cart."""
        return self.item, self.modifiers, self.note


def choose(
    item: str, modifiers: Iterable[str] = (), *, quantity: int = 1, note: str = ""
) -> Choice:
    """A choice as a form sends it; raises NoteTooLong. Whether it can be had is up to the menu."""
    return Choice(
        item, tuple(sorted(set(modifiers))), quantity, clean_note(note, LONGEST_LINE_NOTE)
    )


class CartLine(msgspec.Struct, frozen=True):
    """A choice with a name of its own within its cart, for the buttons beside it."""

    id: str
    choice: Choice


class AddedChoice(msgspec.Struct, frozen=True):
    """What the button of one opened page put into the cart; `key` is that page's own."""

    key: str
    choice: Choice


class PricedModifier(msgspec.Struct, frozen=True):
    """`price_cents` is what it adds here: nothing when it is one of the free ones."""

    handle: str
    name: str
    first_name: str
    kitchen_name: str
    price_cents: int
    tax_category: str


class PricedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A choice with everything an order keeps of it. Prices are gross, in cents."""

    choice: Choice
    item_id: uuid.UUID
    name: str
    """In the guest's language; `first_name` in the merchant's first."""
    first_name: str
    kitchen_name: str
    unit_cents: int
    """Of one piece, with its modifiers and without its deposit."""
    deposit_cents: int
    """Of one piece."""
    tax_category: str
    allergens: tuple[str, ...]
    modifiers: tuple[PricedModifier, ...]
    minimum_age: int | None

    @property
    def quantity(self) -> int:
        return self.choice.quantity

    @property
    def goods_cents(self) -> int:
        return self.quantity * self.unit_cents

    @property
    def deposits_cents(self) -> int:
        return self.quantity * self.deposit_cents

    @property
    def total_cents(self) -> int:
        return self.goods_cents + self.deposits_cents


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What was offered when checkout opened; good for one order until it expires."""

    id: uuid.UUID
    token: str
    cart_token: str
    service_point_id: uuid.UUID | None
    fulfilment: str
    language: str
    lines: tuple[PricedLine, ...]
    rates: dict[str, int]
    """VAT in basis points by tax category."""
    expires_at: datetime

    def expired_at(self, now: datetime) -> bool:
        return now >= self.expires_at


class OrderedModifier(PricedModifier, frozen=True):
    """A modifier as an order keeps it: with the VAT rate it was sold at."""

    tax_basis_points: int


class PlacedOrder(msgspec.Struct, frozen=True):
    """Where the guest goes next."""

    id: uuid.UUID
    number: int
    tracking_token: str
    unheard: tuple[str, ...] = ()
    """The wishes, by their fields, that a repeat said otherwise: the order has the first ones."""


@dataclass(frozen=True, slots=True)
class GuestWishes:
    """What a guest writes at checkout; nobody has to, but who picks up has a name."""

    guest_name: str = ""
    note: str = ""
    allergy_note: str = ""

    def unlike(self, others: "GuestWishes") -> tuple[str, ...]:
        """The fields that say something else, whatever may be wrong with it."""
        return tuple(
            field for field, words in self.by_field.items() if words != others.by_field[field]
        )

    @property
    def by_field(self) -> dict[str, str]:
        """Cleaned of what cannot be printed, at whatever length."""
        return {
            "guest_name": clean_words(self.guest_name),
            "note": clean_words(self.note),
            "allergy_note": clean_words(self.allergy_note),
        }


class TrackedLine(msgspec.Struct, frozen=True, kw_only=True):
    """In the guest's language, at the prices of then."""

    quantity: int
    name: str
    unit_cents: int
    deposit_cents: int
    total_cents: int
    """Of all pieces, without their deposits."""
    modifiers: tuple[OrderedModifier, ...]
    allergens: tuple[str, ...]
    note: str


class TrackedEvent(msgspec.Struct, frozen=True):
    to_state: str
    at: datetime


class TrackedOrder(msgspec.Struct, frozen=True, kw_only=True):
    id: uuid.UUID
    revision: int
    number: int
    state: str
    payment_state: str
    fulfilment: str
    language: str
    service_point_name: str
    guest_name: str
    note: str
    allergy_note: str
    currency: str
    goods_cents: int
    deposit_cents: int
    total_cents: int
    placed_at: datetime
    promised_at: datetime | None
    lines: tuple[TrackedLine, ...] = ()
    taxes: tuple[Tax, ...] = ()
    events: tuple[TrackedEvent, ...] = ()
    """In their order; the first is its placing."""
