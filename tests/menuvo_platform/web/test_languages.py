import pytest

from menuvo_platform.web.languages import preferred_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("en-GB", "en"),
        ("fr, en;q=0.5", "en"),
        ("en;q=0.2, de;q=0.7", "de"),
        ("en;q=0", "de"),
        ("", "de"),
        ("*;q=x, ;;,,", "de"),
    ],
)
def test_the_best_offered_language_is_chosen(header: str, language: str) -> None:
    assert preferred_language(header, ["de", "en"]) == language
