import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuvo_platform.imports.proposals import (
    MORE_CELLS_THAN_HEADINGS,
    NAME_LENGTH,
    NAME_MISSING,
    PRICE_MISSING,
    PRICE_UNREADABLE,
    PROBLEMS,
    ProposedRow,
    read_menu,
    read_price,
)
from menuvo_platform.web.catalogue import Catalogues
from tests.menuvo_platform.imports.test_table import written

HEADER = ["Kategorie", "Name", "Beschreibung", "Preis", "Allergene"]


def propose(*rows: list[str], header: list[str] = HEADER) -> list[ProposedRow]:
    return read_menu(written([header, *rows]))


def test_a_row_becomes_a_proposal_with_its_source() -> None:
    row = ["Suppen", " Flädle\nsuppe ", "mit  Schnittlauch", "5,90 €", "Ei, Gluten"]
    assert propose(row) == [
        ProposedRow(
            line=2,
            category="Suppen",
            name="Flädle suppe",
            description="mit Schnittlauch",
            price_cents=590,
            problems=[],
            source=dict(zip(HEADER, row, strict=True)),
        )
    ]


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (["a", "", "b", "5"], [NAME_MISSING]),
        (["a", "x", "b", "5"], [NAME_LENGTH]),
        (["a", "x" * 101, "b", "5"], [NAME_LENGTH]),
        (["a", "Suppe", "b", ""], [PRICE_MISSING]),
        (["a", "Suppe"], [PRICE_MISSING]),
        (["a", "Suppe", "b", "teuer"], [PRICE_UNREADABLE]),
        (["a", "Suppe", "b", "5", "Ei", "more"], [MORE_CELLS_THAN_HEADINGS]),
        (["a"], [NAME_MISSING, PRICE_MISSING]),
    ],
)
def test_a_broken_row_is_kept_with_its_problems(row: list[str], problems: list[str]) -> None:
    (proposed,) = propose(row)
    assert proposed.problems == problems
    assert list(proposed.source.values()) == row


def test_a_formula_is_a_text() -> None:
    (row,) = propose(["a", '=HYPERLINK("http://example.org")', "@SUM(A1)", "=1+1"])
    assert row.name == '=HYPERLINK("http://example.org")'
    assert row.description == "@SUM(A1)"
    assert (row.price_cents, row.problems) == (None, [PRICE_UNREADABLE])


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12,50", 1250), ("12.50 €", 1250), ("€ 9", 900), ("CHF 9.5", 950), ("9,-", 900),
        ("9,– €", None), ("1.234,50", 123450), ("1,234.50", 123450), (",50", 50), ("0", 0),
        ("ab 5", None), ("3/5", None), ("3 5", None), ("-5", None), ("=2+3", None), ("5,-,", None),
        ("1,2,3", None), ("1.000.001", None), ("²", None), ("٣", None), (",", None),
        ("5" * 50, None),
    ],
)  # fmt: skip
def test_a_price_is_one_amount_or_for_a_person_to_read(text: str, cents: int | None) -> None:
    assert read_price(text) == cents


@given(st.text(max_size=50))
def test_no_text_breaks_the_reading_of_prices(text: str) -> None:
    cents = read_price(text)
    assert cents is None or 0 <= cents <= 100_000_000


@given(
    st.lists(st.sampled_from(["Name", "Preis", "Preis 3", "", "3", "4"]), min_size=1, max_size=8),
    st.lists(st.sampled_from(["a", "b", ""]), max_size=12),
)
def test_no_cell_of_a_row_is_lost(headings: list[str], cells: list[str]) -> None:
    rows = propose(["first", *cells], header=["Name", *headings])
    assert [list(row.source.values()) for row in rows] == [["first", *cells]]


def test_every_problem_has_its_sentence() -> None:
    for language in ("de", "en"):
        assert set(PROBLEMS) <= Catalogues().of(language).messages.keys()
