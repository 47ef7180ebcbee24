"""Which column is what, by the names that people give them in German and English."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum


class Field(StrEnum):
    CATEGORY = "category"
    NAME = "name"
    DESCRIPTION = "description"
    PRICE = "price"


HEADINGS: Mapping[Field, frozenset[str]] = {
    Field.CATEGORY: frozenset(
        [
            "kategorie",
            "warengruppe",
            "artikelgruppe",
            "gruppe",
            "rubrik",
            "bereich",
            "abschnitt",
            "category",
            "section",
            "group",
            "menusection",
        ]
    ),
    Field.NAME: frozenset(
        [
            "name",
            "gericht",
            "gerichte",
            "speise",
            "speisen",
            "artikel",
            "artikelname",
            "bezeichnung",
            "produkt",
            "titel",
            "dish",
            "item",
            "itemname",
            "product",
            "productname",
            "title",
        ]
    ),
    Field.DESCRIPTION: frozenset(
        [
            "beschreibung",
            "artikelbeschreibung",
            "zutaten",
            "details",
            "text",
            "description",
            "ingredients",
        ]
    ),
    Field.PRICE: frozenset(
        ["preis", "einzelpreis", "verkaufspreis", "vk", "betrag", "price", "unitprice"]
    ),
}
LONGEST_HEADING = 60

_FIELDS = {heading: field for field, headings in HEADINGS.items() for heading in headings}

_BESIDE_THE_NAME = re.compile(
    r"\(.*?\)|\[.*?\]|€|\b(?:in|eur|euro|chf|gbp|usd|brutto|gross)\b|[\W_]"
)


def find_field(heading: str) -> Field | None:
    """`Preis (in €)` is a price; None for a column that stays with the source only."""
    if len(heading) > LONGEST_HEADING:
        return None
    return _FIELDS.get(_BESIDE_THE_NAME.sub("", heading.casefold()))


def columns_of(header: Sequence[str]) -> dict[Field, int]:
    """The first column of each field."""
    columns: dict[Field, int] = {}
    for index, heading in enumerate(header):
        field = find_field(heading)
        if field is not None:
            columns.setdefault(field, index)
    return columns


def fitness_as_header(cells: Sequence[str]) -> int:
    """How many fields the row names; 0 unless a name is among them, for nothing is sold without."""
    columns = columns_of(cells)
    return len(columns) if Field.NAME in columns else 0
