import pytest

from menuvo_platform.imports.columns import Field, columns_of, find_field, fitness_as_header


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Name", Field.NAME), ("GERICHT", Field.NAME), (" Artikel-Name ", Field.NAME),
        ("Item name", Field.NAME), ("Preis", Field.PRICE), ("Preis (€)", Field.PRICE),
        ("Preis in EUR", Field.PRICE), ("Price [gross]", Field.PRICE), ("VK brutto", Field.PRICE),
        ("Kategorie", Field.CATEGORY), ("menu_section", Field.CATEGORY),
        ("Beschreibung", Field.DESCRIPTION), ("Zutaten", Field.DESCRIPTION),
        ("Allergene", None), ("", None), ("Priceless", None), ("Name" * 20, None),
    ],
)  # fmt: skip
def test_headings_are_understood_as_people_write_them(heading: str, field: Field | None) -> None:
    assert find_field(heading) == field


def test_of_two_columns_for_the_same_the_first_counts() -> None:
    assert columns_of(["Preis", "Name", "Preis", "Titel"]) == {Field.PRICE: 0, Field.NAME: 1}


def test_a_header_names_at_least_the_name() -> None:
    assert fitness_as_header(["Preis", "Kategorie"]) == 0
    assert fitness_as_header(["Preis", "Name", "Allergene"]) == 2
