import time
import uuid

from hypothesis import given
from hypothesis import strategies as st

from menuvo_platform.ids import ALPHABET, is_name, new_handle, new_id, new_token
from menuvo_platform.translated import resolve


def test_ids_are_uuids_of_version_7_that_carry_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id()
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert before <= made.int >> 80 <= after


def test_tokens_carry_128_bits() -> None:
    assert len(ALPHABET) ** len(new_token()) > 2**128
    assert len({new_token() for _ in range(1000)}) == 1000
    assert set(new_token() + new_handle()) <= set(ALPHABET)


texts = st.dictionaries(st.sampled_from(["de", "en", "fr"]), st.sampled_from(["", " ", "a", "b"]))


@given(texts, st.sampled_from(["de", "en", "it"]))
def test_a_text_is_found_whenever_there_is_one(content: dict[str, str], wanted: str) -> None:
    found = resolve(content, wanted, ["de", "en"])
    assert bool(found) == any(text.strip() for text in content.values())
    if content.get(wanted, "").strip():
        assert found == content[wanted].strip()


def test_a_name_is_letters_digits_and_hyphens() -> None:
    assert all(is_name(text) for text in (new_token(), new_handle(), "gasthaus-lindenhof-2"))
    assert not any(is_name(text) for text in ("", "-", "a\x00", "a b", "ä", "٣", "a" * 101, "a/b"))
