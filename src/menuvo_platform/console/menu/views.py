"""The menu as a list of rows to work on."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from menuvo_platform.console.menu.queries import CategoryRow, ItemRow
from menuvo_platform.images.addresses import Pictures
from menuvo_platform.menus.schemas import Stock
from menuvo_platform.money import amount
from menuvo_platform.stores.schemas import StoreView
from menuvo_platform.translated import resolve


@dataclass(frozen=True, slots=True)
class PictureLine:
    """`state` is none, processing, ready or failed; a failed one has the code of its reason."""

    state: str
    small: str = ""
    large: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """`entered` is what the price's field shows; with a problem it is what a person typed."""

    id: uuid.UUID
    name: str
    description: str
    price_cents: int
    entered: str
    version: int
    hidden: bool
    sold_out: bool
    sold_out_until: datetime | None
    picture: PictureLine
    error: str | None = None
    conflict: bool = False

    def refused(self, entered: str, error: str) -> "ItemLine":
        return replace(self, entered=entered, error=error)

    def changed_meanwhile(self, entered: str) -> "ItemLine":
        return replace(self, entered=entered, conflict=True)


@dataclass(frozen=True, slots=True)
class CategoryLines:
    id: uuid.UUID
    name: str
    active: bool
    items: tuple[ItemLine, ...]


def category_lines(
    categories: Sequence[CategoryRow],
    lines: Sequence[tuple[ItemRow, ItemLine]],
    store: StoreView,
) -> tuple[CategoryLines, ...]:
    return tuple(
        CategoryLines(
            id=category.id,
            name=resolve(category.name, store.languages[0], store.languages),
            active=category.active,
            items=tuple(line for item, line in lines if item.category_id == category.id),
        )
        for category in categories
    )


def item_line(
    item: ItemRow, store: StoreView, language: str, now: datetime, *, media: str
) -> ItemLine:
    """Names are in the merchant's first language, which its people speak; the price is written as
    the reader's language writes it."""
    stock = Stock(sold_out_since=item.sold_out_since, sold_out_until=item.sold_out_until)
    return ItemLine(
        id=item.id,
        name=resolve(item.name, store.languages[0], store.languages),
        description=resolve(item.description, store.languages[0], store.languages),
        price_cents=item.price_cents,
        entered=price_text(item.price_cents, language),
        version=item.version,
        hidden=not item.active or item.allergen_state == "unknown",
        sold_out=stock.sold_out_at(now),
        sold_out_until=item.sold_out_until,
        picture=_picture(item, Pictures(media, store.merchant_id)),
    )


def price_text(cents: int, language: str) -> str:
    """As one types it, without the currency."""
    text = f"{amount(cents):.2f}"
    return text if language == "en" else text.replace(".", ",")


def _picture(item: ItemRow, pictures: Pictures) -> PictureLine:
    if item.image_state is None:
        return PictureLine("none")
    if item.image_state == "ready" and item.sha256 and item.widths:
        return PictureLine(
            "ready",
            small=pictures.address(item.sha256, item.widths[0]),
            large=pictures.address(item.sha256, item.widths[min(1, len(item.widths) - 1)]),
        )
    return PictureLine(item.image_state, error=item.image_error or "")
