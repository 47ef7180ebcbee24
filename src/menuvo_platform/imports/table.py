"""A CSV file as people have it: whatever Excel, Numbers or a till wrote, in whatever language.

Pure functions from bytes to a table of texts. A cell is text: what looks like a formula is kept as
it stands, and nothing is computed.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from menuvo_platform.errors import Invalid, TooLarge

MAX_ROWS = 2_000
MAX_COLUMNS = 100
DELIMITERS = (";", ",", "\t")
HEADER_WITHIN_ROWS = 10  # a title or two may stand above it

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class NotText(Invalid):
    code: ClassVar[str] = "import.not_text"


class HeaderMissing(Invalid):
    code: ClassVar[str] = "import.header_missing"


class RowsMissing(Invalid):
    code: ClassVar[str] = "import.rows_missing"


class QuoteNotClosed(Invalid):
    code: ClassVar[str] = "import.quote_not_closed"


class TooManyRows(TooLarge):
    code: ClassVar[str] = "import.too_many_rows"


class TooManyColumns(TooLarge):
    code: ClassVar[str] = "import.too_many_columns"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells as they stand in the file, from the line where they begin; lines count from 1."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    header: Sequence[str]
    rows: Sequence[Row]


# How well a row serves as the header: 0 is not at all.
Fitness = Callable[[Sequence[str]], int]


def read_table(content: bytes, fitness: Fitness) -> Table:
    """The table below the row that is fittest as its header; rows without any text are left out.

    The delimiter is the one with which such a row is found. Raises NotText, HeaderMissing,
    RowsMissing, QuoteNotClosed (with the line), TooManyRows, TooManyColumns.
    """
    text = decode(content)
    delimiter, header = _find_header(text, fitness)
    rows = (row for row in _rows(text, delimiter) if row.line > header.line)
    found = list(islice(rows, MAX_ROWS + 1))
    if not found:
        raise RowsMissing
    if len(found) > MAX_ROWS:
        raise TooManyRows(rows=MAX_ROWS)
    for row in found:
        if len(row.cells) > MAX_COLUMNS:
            raise TooManyColumns(columns=MAX_COLUMNS, line=row.line)
    return Table(header.cells, found)


def decode(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else what Windows calls ANSI. Raises NotText."""
    marked = [name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)]
    for encoding in marked or ("utf-8", "cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:  # No text has one, every binary file has, and no column takes it.
            return text
    raise NotText


def _find_header(text: str, fitness: Fitness) -> tuple[str, Row]:
    candidates = [
        (delimiter, row)
        for delimiter in DELIMITERS
        for row in _first_rows(text, delimiter)
        if len(row.cells) <= MAX_COLUMNS
    ]
    best = max(candidates, key=lambda candidate: fitness(candidate[1].cells), default=None)
    if best is None or not fitness(best[1].cells):
        raise HeaderMissing
    return best


def _first_rows(text: str, delimiter: str) -> Iterator[Row]:
    with suppress(QuoteNotClosed):  # Perhaps only because it is the wrong delimiter.
        yield from islice(_rows(text, delimiter), HEADER_WITHIN_ROWS)


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:  # A cell of over 100,000 characters swallowed what follows it.
            raise QuoteNotClosed(line=line) from error
        if any(cell.strip() for cell in cells):
            yield Row(line, cells)
