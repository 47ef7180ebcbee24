import pytest

from menuvo_platform.menus.additives import KEYS, key_of_number, message_id, numbers
from menuvo_platform.web.catalogue import Catalogues


def test_numbers_are_the_usual_ones() -> None:
    assert numbers(["caffeine", "colour", "caffeine"]) == (2, 11)
    assert key_of_number(15) == "genetically_modified"


@pytest.mark.parametrize("number", [0, 16, -1])
def test_there_is_no_other_number(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        key_of_number(number)


@pytest.mark.parametrize("key", KEYS)
def test_every_additive_has_the_words_of_the_law(key: str) -> None:
    for language in ("de", "en"):
        assert message_id(key) in Catalogues().of(language).messages
