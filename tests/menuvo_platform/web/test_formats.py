import pytest

from menuvo_platform.web.formats import language_name, money, percent, price_difference, volume


@pytest.mark.parametrize(
    ("cents", "language", "expected"),
    [(1250, "de", "12,50\xa0€"), (1250, "en", "€12.50"), (0, "de", "0,00\xa0€")],
)
def test_money_is_written_as_in_the_language(cents: int, language: str, expected: str) -> None:
    assert money(cents, "EUR", language) == expected


@pytest.mark.parametrize(
    ("cents", "expected"),
    [(80, "+ 0,80\xa0€"), (-200, "\N{MINUS SIGN} 2,00\xa0€"), (0, "")],
)
def test_a_difference_carries_its_sign(cents: int, expected: str) -> None:
    assert price_difference(cents, "EUR", "de") == expected


@pytest.mark.parametrize(
    ("basis_points", "language", "expected"),
    [(700, "de", "7\xa0%"), (1900, "en", "19%"), (260, "de", "2,6\xa0%"), (810, "en", "8.1%")],
)
def test_a_rate_keeps_its_decimals(basis_points: int, language: str, expected: str) -> None:
    assert percent(basis_points, language) == expected


@pytest.mark.parametrize(
    ("millilitres", "language", "expected"),
    [(20, "de", "2 cl"), (330, "de", "0,33 l"), (500, "en", "0.5 l"), (1000, "de", "1 l")],
)
def test_a_volume_is_said_as_drinks_are_ordered(
    millilitres: int, language: str, expected: str
) -> None:
    assert volume(millilitres, language) == expected


def test_a_language_is_called_as_its_speakers_call_it() -> None:
    assert [language_name(code) for code in ("de", "en", "fr")] == [
        "Deutsch",
        "English",
        "Français",
    ]
