"""One item with its choices, as it stands after what the guest has chosen so far."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from menuvo_platform.errors import DomainError
from menuvo_platform.menus.schemas import MenuGroup, MenuItem, MenuModifier
from menuvo_platform.orders.pricing import (
    AllergensUnknown,
    QuantityInvalid,
    WrongNumberOfChoices,
    parse_quantity,
    price,
)
from menuvo_platform.orders.schemas import choose
from menuvo_platform.shop.declarations import additive_words, allergen_words, deposit_of, signs
from menuvo_platform.shop.items.forms import GROUP, ItemForm
from menuvo_platform.shop.pictures import PAGE_WIDTH, ShownPicture, shown_picture
from menuvo_platform.shop.venue import Venue
from menuvo_platform.web.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class ModifierView:
    """`declared` are the allergens and additives that this choice adds, in words."""

    handle: str
    name: str
    price_cents: int
    declared: str
    sold_out: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class GroupView:
    field: str
    name: str
    single: bool
    min_choices: int
    max_choices: int
    free_choices: int
    modifiers: tuple[ModifierView, ...]

    @property
    def chosen(self) -> bool:
        return any(modifier.chosen for modifier in self.modifiers)


@dataclass(frozen=True, slots=True)
class ItemView:
    """`total_cents` is what the button adds: all pieces, without their deposit. `refusal` says why
    it cannot be had, and is empty when it can."""

    name: str
    href: str
    text: str
    facts: tuple[str, ...]
    picture: ShownPicture | None
    currency: str
    price_cents: int
    total_cents: int
    groups: tuple[GroupView, ...]
    refusal: str


def preselected(item: MenuItem, now: datetime, *, key: str) -> ItemForm:
    """What a guest who opens the item finds chosen."""
    modifiers = (modifier for group in item.groups for modifier in group.modifiers)
    return ItemForm(
        key=key,
        modifiers=tuple(m.handle for m in modifiers if m.preselected and m.available_at(now)),
        quantity="1",
        note="",
    )


def item_view(
    venue: Venue, item: MenuItem, form: ItemForm, now: datetime, *, words: Catalogue
) -> ItemView:
    return ItemView(
        name=venue.text(item.name),
        href=f"{venue.path}/items/{item.handle}",
        text=venue.text(item.description),
        facts=tuple(_facts(venue, item, words)),
        picture=shown_picture(venue.pictures, item.picture, PAGE_WIDTH) if item.picture else None,
        currency=venue.store.currency,
        price_cents=item.price_cents,
        total_cents=total_cents(venue, item, form, now),
        groups=tuple(
            _group(venue, group, f"{GROUP}{number}", form, now, words=words)
            for number, group in enumerate(item.groups, start=1)
        ),
        refusal=_refusal(venue, item, now, words),
    )


def total_cents(venue: Venue, item: MenuItem, form: ItemForm, now: datetime) -> int:
    """What the button would add; of one piece while the number makes no sense."""
    try:
        quantity = parse_quantity(form.quantity) or 1
    except QuantityInvalid:
        quantity = 1
    choice = choose(item.handle, form.modifiers, quantity=quantity)
    line = price(choice, {item.handle: item}, reader=venue.reader, now=now).line
    return line.goods_cents if line else item.price_cents


def item_errors(errors: Iterable[DomainError], item: MenuItem, words: Catalogue) -> dict[str, str]:
    """The sentences by the field they belong to; those of no field under the empty name."""
    fields = {group.id: f"{GROUP}{number}" for number, group in enumerate(item.groups, start=1)}
    told: dict[str, str] = {}
    for error in errors:
        if isinstance(error, WrongNumberOfChoices):
            told[fields[error.group_id]] = words.error(error)
        elif error.fields:
            told.update(words.field_errors(error))
        else:
            told.setdefault("", words.error(error))
    return told


def _refusal(venue: Venue, item: MenuItem, now: datetime, words: Catalogue) -> str:
    if item.sold_out_at(now):
        return words.text("shop.item.sold_out")
    if item.allergen_state == "unknown":
        return words.error(AllergensUnknown(item=venue.text(item.name)))
    return ""


def _facts(venue: Venue, item: MenuItem, words: Catalogue) -> Iterator[str]:
    yield from signs(item, venue.language, words)
    yield from deposit_of(item, venue.store.currency, venue.language, words)
    if item.allergens:
        yield words.text("shop.item.allergens", names=allergen_words(item.allergens, words))
    elif item.allergen_state == "none":
        yield words.text("shop.item.no_allergens")
    if item.traces:
        yield words.text("shop.item.traces", names=allergen_words(item.traces, words))
    if item.additives:
        yield words.text("shop.item.additives", names=additive_words(item.additives, words))


def _group(
    venue: Venue,
    group: MenuGroup,
    field: str,
    form: ItemForm,
    now: datetime,
    *,
    words: Catalogue,
) -> GroupView:
    return GroupView(
        field=field,
        name=venue.text(group.name),
        single=group.max_choices == 1,
        min_choices=group.required_at(now),
        max_choices=min(group.max_choices, len(group.modifiers)),
        free_choices=min(group.free_choices, group.max_choices),
        modifiers=tuple(
            _modifier(venue, modifier, form, now, words) for modifier in group.modifiers
        ),
    )


def _modifier(
    venue: Venue, modifier: MenuModifier, form: ItemForm, now: datetime, words: Catalogue
) -> ModifierView:
    available = modifier.available_at(now)
    declared = (
        allergen_words(modifier.allergens, words),
        additive_words(modifier.additives, words),
    )
    return ModifierView(
        handle=modifier.handle,
        name=venue.text(modifier.name),
        price_cents=modifier.price_cents,
        declared=", ".join(part for part in declared if part),
        sold_out=not available,
        chosen=available and modifier.handle in form.modifiers,
    )
