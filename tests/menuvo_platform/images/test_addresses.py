from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuvo_platform.images.addresses import (
    find_public_key,
    media_path,
    original_key,
    variant_key,
)

sha256s = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(st.uuids(), sha256s, st.sampled_from([1, 320, 1600]))
def test_the_address_of_a_variant_leads_to_its_object(
    merchant_id: UUID, sha256: str, width: int
) -> None:
    path = media_path(merchant_id, sha256, width)
    assert find_public_key(path) == variant_key(merchant_id, sha256, width)


@given(st.uuids(), sha256s)
def test_originals_are_not_public(merchant_id: UUID, sha256: str) -> None:
    assert find_public_key("/media/" + original_key(merchant_id, sha256)) is None


VALID = "m/01a20b66-90af-76b3-b4b9-5e6b7b0d0c69/" + "0" * 64 + "/320.webp"


@pytest.mark.parametrize(
    "path",
    [
        VALID,
        "/media/" + VALID + "\n",
        "/media/" + VALID + "/..",
        "/media/../" + VALID,
        "/media/imports/x",
        "/media/",
        "",
        "/media/" + VALID.replace("320", "123456"),
        "/media/" + VALID.upper(),
    ],
)
def test_nothing_else_is_public(path: str) -> None:
    assert find_public_key("/media/" + VALID) == VALID
    assert find_public_key(path) is None
