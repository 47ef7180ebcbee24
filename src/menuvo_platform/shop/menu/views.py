"""The menu page as data: the same for every guest at one instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
from markupsafe import Markup

from menuvo_platform.menus.schemas import Menu, MenuCategory, MenuItem
from menuvo_platform.shop.declarations import (
    DIETS,
    Declared,
    deposit_of,
    diets_of,
    legend,
    marks,
    signs,
)
from menuvo_platform.shop.menu.structured import structured_menu
from menuvo_platform.shop.opening import Opening, opening_of
from menuvo_platform.shop.pictures import ROW_WIDTH, ShownPicture, shown_picture
from menuvo_platform.shop.venue import Venue, path_of
from menuvo_platform.web.catalogue import Catalogue
from menuvo_platform.web.formats import language_name

LONGEST_DESCRIPTION = 160


@dataclass(frozen=True, slots=True)
class Row:
    """One item; `signs` are words, `marks` the letters and numbers of the legend."""

    name: str
    href: str
    price_cents: int
    text: str
    picture: ShownPicture | None
    signs: tuple[str, ...]
    diet_keys: tuple[str, ...]
    marks: tuple[str, ...]
    sold_out: bool


@dataclass(frozen=True, slots=True)
class Section:
    anchor: str
    name: str
    text: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    name: str
    href: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class MenuView:
    tagline: str
    city: str
    address: str
    currency: str
    time_zone: str
    opening: Opening
    sections: tuple[Section, ...]
    diets: tuple[tuple[str, str], ...]
    legend: tuple[tuple[str, str], ...]
    languages: tuple[Language, ...]
    canonical: str
    description: str
    json_ld: Markup

    @property
    def anchors(self) -> list[tuple[str, str]]:
        return [(section.anchor, section.name) for section in self.sections]


def published(menu: Menu) -> Menu:
    """Without the items whose allergens nobody has stated yet: they must not be offered."""
    categories = (
        msgspec.structs.replace(
            category,
            items=tuple(item for item in category.items if item.allergen_state != "unknown"),
        )
        for category in menu.categories
    )
    return Menu(tuple(category for category in categories if category.items))


def menu_view(
    venue: Venue, menu: Menu, now: datetime, *, words: Catalogue, public_url: str
) -> MenuView:
    store = venue.store
    tagline = venue.text(store.tagline)
    return MenuView(
        tagline=tagline,
        city=store.city,
        address=f"{store.street}, {store.postal_code} {store.city}",
        currency=store.currency,
        time_zone=store.time_zone,
        opening=opening_of(store, now),
        sections=tuple(
            _section(venue, category, number, now, words)
            for number, category in enumerate(menu.categories, start=1)
        ),
        diets=_diets(menu, words),
        legend=legend(_declared(menu), store.allergen_scheme, words),
        languages=_languages(venue, public_url),
        canonical=public_url + venue.path,
        description=_description(venue, menu, tagline),
        json_ld=structured_menu(venue, menu, now, public_url=public_url),
    )


def _section(
    venue: Venue, category: MenuCategory, number: int, now: datetime, words: Catalogue
) -> Section:
    return Section(
        anchor=f"c{number}",
        name=venue.text(category.name),
        text=venue.text(category.description),
        rows=tuple(_row(venue, item, now, words) for item in category.items),
    )


def _row(venue: Venue, item: MenuItem, now: datetime, words: Catalogue) -> Row:
    return Row(
        name=venue.text(item.name),
        href=f"{venue.path}/items/{item.handle}",
        price_cents=item.price_cents,
        text=venue.text(item.description),
        picture=shown_picture(venue.pictures, item.picture, ROW_WIDTH) if item.picture else None,
        signs=(
            *signs(item, venue.language, words),
            *deposit_of(item, venue.store.currency, venue.language, words),
        ),
        diet_keys=diets_of(item),
        marks=marks(item, venue.store.allergen_scheme),
        sold_out=item.sold_out_at(now),
    )


def _declared(menu: Menu) -> Iterable[Declared]:
    for item in menu.items:
        yield item
        for group in item.groups:
            yield from group.modifiers


def _diets(menu: Menu, words: Catalogue) -> tuple[tuple[str, str], ...]:
    """Those that a filter would find something for."""
    there = {diet for item in menu.items for diet in diets_of(item)}
    return tuple((diet, words.text(f"shop.diet.{diet}")) for diet in DIETS if diet in there)


def _languages(venue: Venue, public_url: str) -> tuple[Language, ...]:
    return tuple(
        Language(
            code=code,
            name=language_name(code),
            href=path_of(venue.store, code),
            address=public_url + path_of(venue.store, code),
            current=code == venue.language,
        )
        for code in venue.store.languages
    )


def _description(venue: Venue, menu: Menu, tagline: str) -> str:
    """One line for whoever finds the page: the tagline, and what kinds of dishes there are."""
    names = ", ".join(venue.text(category.name) for category in menu.categories)
    text = f"{tagline} {names}".strip()
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[:LONGEST_DESCRIPTION].rpartition(" ")[0].rstrip(",") + " …"
