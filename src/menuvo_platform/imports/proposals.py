"""What a menu would get from each row of a table, and what a person has to look at first.

A row that is not understood stays a row, with its problems and its cells as they stood.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from menuvo_platform.imports.columns import Field, columns_of, fitness_as_header
from menuvo_platform.imports.table import Row, Table, read_table
from menuvo_platform.money import parse_price

SHORTEST_NAME, LONGEST_NAME = 2, 100
HIGHEST_PRICE_CENTS = 100_000_000
LONGEST_PRICE = 40

NAME_MISSING = "import.problem.name_missing"
NAME_LENGTH = "import.problem.name_length"
PRICE_MISSING = "import.problem.price_missing"
PRICE_UNREADABLE = "import.problem.price_unreadable"
MORE_CELLS_THAN_HEADINGS = "import.problem.more_cells_than_headings"
PROBLEMS = (
    NAME_MISSING,
    NAME_LENGTH,
    PRICE_MISSING,
    PRICE_UNREADABLE,
    MORE_CELLS_THAN_HEADINGS,
)

_CURRENCY = r"(?:€|EUR|Euro|CHF|£|GBP|\$|USD)?"
_AMOUNT = (
    r"\d{1,6}(?:[.,]\d{1,2})?"
    r"|[.,]\d{1,2}"
    r"|\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?"
)
_PRICE = re.compile(rf"{_CURRENCY}\s*({_AMOUNT})\s*{_CURRENCY}", re.ASCII | re.IGNORECASE)
_NO_CENTS = re.compile(r"[.,]\s*[-–—]+$")  # "9,-" is how a menu writes 9,00


@dataclass(frozen=True, slots=True)
class ProposedRow:
    line: int
    category: str
    name: str
    description: str
    price_cents: int | None
    problems: list[str]  # ids of messages
    source: dict[str, str]  # heading to cell


def read_menu(content: bytes) -> list[ProposedRow]:
    """Raises what read_table raises."""
    return list(_propose(read_table(content, fitness_as_header)))


def _propose(table: Table) -> Iterator[ProposedRow]:
    columns = columns_of(table.header)
    widest = max((len(row.cells) for row in table.rows), default=0)
    headings = _unique([*table.header, *[""] * (widest - len(table.header))])
    for row in table.rows:
        name = _text(row, columns.get(Field.NAME))
        price_text = _text(row, columns.get(Field.PRICE))
        price_cents = read_price(price_text)
        problems = [*_problems_of_name(name), *_problems_of_price(price_text, price_cents)]
        if len(row.cells) > len(table.header):
            problems.append(MORE_CELLS_THAN_HEADINGS)
        yield ProposedRow(
            line=row.line,
            category=_text(row, columns.get(Field.CATEGORY)),
            name=name,
            description=_text(row, columns.get(Field.DESCRIPTION)),
            price_cents=price_cents,
            problems=problems,
            source=dict(zip(headings, row.cells, strict=False)),
        )


def read_price(text: str) -> int | None:
    """Cents, or None for anything but one amount: "ab 5", "3/5" and "=2+3" are for a person.

    White space is expected to be straight already.
    """
    matched = _PRICE.fullmatch(_NO_CENTS.sub("", text)) if len(text) <= LONGEST_PRICE else None
    cents = parse_price(matched[1]) if matched else None
    return cents if cents is not None and cents <= HIGHEST_PRICE_CENTS else None


def _text(row: Row, column: int | None) -> str:
    """The cell with its white space straightened; empty where there is none."""
    if column is None or column >= len(row.cells):
        return ""
    return " ".join(row.cells[column].split())


def _problems_of_name(name: str) -> list[str]:
    if not name:
        return [NAME_MISSING]
    return [] if SHORTEST_NAME <= len(name) <= LONGEST_NAME else [NAME_LENGTH]


def _problems_of_price(text: str, cents: int | None) -> list[str]:
    if not text:
        return [PRICE_MISSING]
    return [PRICE_UNREADABLE] if cents is None else []


def _unique(header: Sequence[str]) -> list[str]:
    """Headings by which each cell is found again: a second `Preis` is `Preis 4` in column 4."""
    headings: list[str] = []
    for number, cell in enumerate(header, start=1):
        heading = cell.strip() or str(number)
        while heading in headings:
            heading = f"{heading} {number}"
        headings.append(heading)
    return headings
