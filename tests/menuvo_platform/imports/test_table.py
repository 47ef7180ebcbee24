import csv
import io
import time
from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from menuvo_platform.imports.columns import fitness_as_header
from menuvo_platform.imports.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    HeaderMissing,
    NotText,
    QuoteNotClosed,
    RowsMissing,
    Table,
    TooManyColumns,
    TooManyRows,
    decode,
    read_table,
)

HEADER = ["Name", "Beschreibung", "Preis"]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1")
# What Windows-1252 has and Latin-1 has not stands where Latin-1 has control characters.
WESTERN = st.characters(codec="latin-1", exclude_characters="\x00", exclude_categories=["Cc"])
ANY = st.characters(codec="utf-8", exclude_characters="\x00\ufeff")


def written(
    rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ";", end: str = "\r\n"
) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)
    return file.getvalue().encode(encoding)


def read(content: bytes) -> Table:
    return read_table(content, fitness_as_header)


def tables(characters: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    cell = st.text(characters, max_size=20)
    return st.lists(st.lists(cell, min_size=3, max_size=3), max_size=15)


@given(
    st.one_of(
        st.tuples(st.sampled_from(ENCODINGS[:3]), tables(ANY)),
        st.tuples(st.sampled_from(ENCODINGS[3:]), tables(WESTERN | st.sampled_from(';,\t"\r\n'))),
    ),
    st.sampled_from(";,\t"),
)
def test_any_table_comes_back_whatever_wrote_it(
    encoded: tuple[str, list[list[str]]], delimiter: str
) -> None:
    encoding, rows = encoded
    content = written([HEADER, *rows], encoding, delimiter)
    assume(encoding in ENCODINGS[:3] or not_by_chance_utf_8(content))
    expected = [row for row in rows if any(cell.strip() for cell in row)]
    assume(expected)
    table = read(content)
    assert table.header == HEADER
    assert [row.cells for row in table.rows] == expected


def not_by_chance_utf_8(content: bytes) -> bool:
    """`Ã¼` in Latin-1 is `ü` in UTF-8: nobody can tell them apart, and the second is likelier."""
    try:
        return content.isascii() or not content.decode("utf-8")
    except UnicodeDecodeError:
        return True


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for refused in (content, b"Name;Preis\n" + content):
        with suppress(NotText, HeaderMissing, RowsMissing, TooManyColumns):
            read(refused)


def test_a_file_of_excel_in_latin_1_with_semicolons_is_read() -> None:
    content = 'Gericht;Preis\r\n"Käsespätzle; groß";12,50 €\r\n'.encode("cp1252")
    assert read(content).rows[0].cells == ["Käsespätzle; groß", "12,50 €"]
    assert read("Name;Preis\nKäse;5".encode("latin-1")).rows[0].cells == ["Käse", "5"]


def test_the_lines_are_those_of_the_file() -> None:
    content = 'Speisekarte 2026\n\nName;Preis\nSuppe;4\n\n;\n"Salat\nmit Ei";6\nBrot;1\n'
    assert [row.line for row in read(content.encode()).rows] == [4, 7, 9]


def test_the_line_in_which_excel_names_the_delimiter_is_not_a_row() -> None:
    assert [row.cells for row in read(b"sep=,\nName,Preis\nSuppe,4\n").rows] == [["Suppe", "4"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_each_system_ends_them(end: str) -> None:
    content = written([HEADER, ["a", "b", "1"], ["c", "d", "2"]], end=end)
    assert [row.line for row in read(content).rows] == [2, 3]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"Suppe;4,50\nSalat;6,50\n", b"Preis;Kategorie\n4;a\n"]
)
def test_without_a_heading_for_the_name_nothing_is_guessed(content: bytes) -> None:
    with pytest.raises(HeaderMissing):
        read(content)


def test_a_header_alone_is_no_menu() -> None:
    with pytest.raises(RowsMissing):
        read(b"Name;Preis\n;\n")


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x00\x00Name;Preis", b"\xff\xfeN", b"Name\x00;Preis"]
)
def test_what_is_not_text_is_refused(content: bytes) -> None:
    with pytest.raises(NotText):
        decode(content)


def test_a_quote_that_is_never_closed_is_told_with_its_line() -> None:
    content = b'Name;Preis\nBrot;1\n"Suppe;4\n' + b"Salat;6\n" * 20_000
    with pytest.raises(QuoteNotClosed) as refused:
        read(content)
    assert refused.value.facts == {"line": 3}


def test_a_file_has_a_largest_number_of_rows_and_columns() -> None:
    rows = [["a", "b", "1"]] * MAX_ROWS
    assert len(read(written([HEADER, *rows])).rows) == MAX_ROWS
    with pytest.raises(TooManyRows):
        read(written([HEADER, *rows, rows[0]]))
    with pytest.raises(TooManyColumns) as refused:
        read(written([HEADER, ["x"] * (MAX_COLUMNS + 1)]))
    assert refused.value.facts == {"columns": MAX_COLUMNS, "line": 2}


@pytest.mark.parametrize(
    "content",
    [b";" * 5_000_000, b"(" * 130_000 + b";Name", b"Name;Preis\n" + b";" * 5_000_000 + b"x"],
)
def test_a_hostile_file_does_not_keep_the_worker_busy(content: bytes) -> None:
    started = time.process_time()
    with pytest.raises((HeaderMissing, RowsMissing, TooManyColumns)):
        read(content)
    assert time.process_time() - started < 5
