"""The price engine: choices and the menu in, priced lines or named problems out.

A problem is a domain error that need not be raised: a cart shows it beside its line, checkout
refuses with it. Prices are gross; which VAT they contain is a matter of where the order is eaten.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from menuvo_platform.errors import DomainError, Invalid, Refused
from menuvo_platform.menus.allergens import in_order
from menuvo_platform.menus.schemas import MenuGroup, MenuItem, MenuModifier
from menuvo_platform.menus.service import ItemUnknown
from menuvo_platform.money import Tax, taxes
from menuvo_platform.orders.schemas import Choice, PricedLine, PricedModifier, Reader

MOST_PIECES = 99


class SoldOut(Refused):
    code: ClassVar[str] = "order.sold_out"


class ModifierSoldOut(Refused):
    code: ClassVar[str] = "order.modifier_sold_out"


class ModifierUnknown(Refused):
    code: ClassVar[str] = "order.modifier_unknown"


class AllergensUnknown(Refused):
    """What is in it must be known before the order binds (LMIV article 14)."""

    code: ClassVar[str] = "order.allergens_unknown"


class CombinationNotSold(Refused):
    """The modifiers take away more than the item costs."""

    code: ClassVar[str] = "order.combination_not_sold"


class QuantityInvalid(Invalid):
    code: ClassVar[str] = "order.quantity"

    def __init__(self) -> None:
        super().__init__(fields={"quantity": self.code}, most=MOST_PIECES)


class WrongNumberOfChoices(Invalid):
    """`group_id` says which group of the form it is about."""

    def __init__(self, *, group_id: uuid.UUID, **facts: str | int) -> None:
        self.group_id: uuid.UUID = group_id
        super().__init__(fields=None, **facts)


class TooFewChoices(WrongNumberOfChoices):
    code: ClassVar[str] = "order.too_few_choices"


class TooManyChoices(WrongNumberOfChoices):
    code: ClassVar[str] = "order.too_many_choices"


@dataclass(frozen=True, slots=True)
class Pricing:
    """What a choice costs, and what stands in its way. Without a line there is always a problem."""

    choice: Choice
    line: PricedLine | None
    problems: tuple[DomainError, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    pieces: int
    goods_cents: int
    deposit_cents: int

    @property
    def total_cents(self) -> int:
        return self.goods_cents + self.deposit_cents


def parse_quantity(text: str) -> int:
    """A quantity as a form sends it, 0 to 99; raises QuantityInvalid."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 2):
        raise QuantityInvalid
    return int(digits)


def price(
    choice: Choice, items: Mapping[str, MenuItem], *, reader: Reader, now: datetime
) -> Pricing:
    item = items.get(choice.item)
    if item is None:
        return Pricing(choice, None, (ItemUnknown(),))
    problems = tuple(_problems(choice, item, reader=reader, now=now))
    return Pricing(choice, _line(choice, item, reader), problems)


def totals(lines: Iterable[PricedLine]) -> Totals:
    pieces, goods_cents, deposit_cents = 0, 0, 0
    for line in lines:
        pieces += line.quantity
        goods_cents += line.goods_cents
        deposit_cents += line.deposits_cents
    return Totals(pieces, goods_cents, deposit_cents)


def taxes_of(lines: Iterable[PricedLine], rates: Mapping[str, int]) -> tuple[Tax, ...]:
    """VAT per rate, of goods and deposits: a deposit on packaging shares the rate of what is in it
    (UStAE 10.1 paragraph 8). `rates` are basis points by tax category."""
    return taxes(
        (rates[category], line.quantity * cents)
        for line in lines
        for category, cents in _parts(line)
        if cents
    )


def _parts(line: PricedLine) -> Iterator[tuple[str, int]]:
    """What of one piece falls to which tax category; sums to its price with deposit."""
    others = [m for m in line.modifiers if m.tax_category != line.tax_category]
    own_cents = line.unit_cents - sum(modifier.price_cents for modifier in others)
    yield line.tax_category, own_cents + line.deposit_cents
    for modifier in others:
        yield modifier.tax_category, modifier.price_cents


def _line(choice: Choice, item: MenuItem, reader: Reader) -> PricedLine:
    modifiers = tuple(
        PricedModifier(
            handle=modifier.handle,
            name=reader.text(modifier.name),
            first_name=reader.first_text(modifier.name),
            kitchen_name=modifier.kitchen_name or reader.first_text(modifier.name),
            price_cents=cents,
            # What makes an item cheaper makes the item's own part of the price smaller.
            tax_category=(modifier.tax_category if cents > 0 else None) or item.tax_category,
        )
        for group in item.groups
        for modifier, cents in _charged(group, choice)
    )
    allergens = [*item.allergens]
    for modifier in _chosen_of_all(item, choice):
        allergens += modifier.allergens
    return PricedLine(
        choice=choice,
        item_id=item.id,
        name=reader.text(item.name),
        first_name=reader.first_text(item.name),
        kitchen_name=item.kitchen_name or reader.first_text(item.name),
        unit_cents=item.price_cents + sum(modifier.price_cents for modifier in modifiers),
        deposit_cents=item.deposit_cents,
        tax_category=item.tax_category,
        allergens=in_order(allergens),
        modifiers=modifiers,
        minimum_age=item.minimum_age,
    )


def _charged(group: MenuGroup, choice: Choice) -> list[tuple[MenuModifier, int]]:
    """The chosen modifiers of a group, in its order, with what each adds to the price."""
    chosen = _chosen(group, choice)
    cheapest = sorted(chosen, key=lambda modifier: (modifier.price_cents, modifier.handle))
    free = {modifier.handle for modifier in cheapest[: group.free_choices]}
    return [
        (
            modifier,
            min(0, modifier.price_cents) if modifier.handle in free else modifier.price_cents,
        )
        for modifier in chosen
    ]


def _chosen(group: MenuGroup, choice: Choice) -> list[MenuModifier]:
    return [modifier for modifier in group.modifiers if modifier.handle in choice.modifiers]


def _chosen_of_all(item: MenuItem, choice: Choice) -> list[MenuModifier]:
    return [modifier for group in item.groups for modifier in _chosen(group, choice)]


def _problems(
    choice: Choice, item: MenuItem, *, reader: Reader, now: datetime
) -> Iterator[DomainError]:
    name = reader.text(item.name)
    if not 1 <= choice.quantity <= MOST_PIECES:
        yield QuantityInvalid()
    if item.sold_out_at(now):
        yield SoldOut(item=name)
    chosen = _chosen_of_all(item, choice)
    if {modifier.handle for modifier in chosen} != set(choice.modifiers):
        yield ModifierUnknown(item=name)
    for modifier in chosen:
        if modifier.sold_out_at(now):
            yield ModifierSoldOut(item=name, modifier=reader.text(modifier.name))
    if any(stocked.allergen_state == "unknown" for stocked in (item, *chosen)):
        yield AllergensUnknown(item=name)
    for group in item.groups:
        yield from _problems_of_group(group, choice, reader=reader, item=name, now=now)
    line = _line(choice, item, reader)
    if any(cents < 0 for _, cents in _parts(line)):
        yield CombinationNotSold(item=name)


def _problems_of_group(
    group: MenuGroup, choice: Choice, *, reader: Reader, item: str, now: datetime
) -> Iterator[DomainError]:
    chosen, required = len(_chosen(group, choice)), group.required_at(now)
    facts = {"item": item, "group": reader.text(group.name)}
    if chosen < required:
        yield TooFewChoices(group_id=group.id, **facts, least=required)
    if chosen > group.max_choices:
        yield TooManyChoices(group_id=group.id, **facts, most=group.max_choices)
