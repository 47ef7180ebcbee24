"""The release before this one runs on this one's schema: that is what a deploy relies on."""

from pathlib import Path

import pytest

from tests.system.clone import CHECKOUT
from tests.system.releases.history import Previous
from tests.system.releases.outliving import Code, Place, outlive, settle, unpack

pytestmark = pytest.mark.core


def test_the_previous_release_serves_on_the_present_schema(
    previous: Previous, place: Place, tmp_path: Path
) -> None:
    code = unpack(CHECKOUT, previous, tmp_path / "previous")
    demo = settle(code, place)
    outlive(code, demo, head=previous.head, present=Code(CHECKOUT), place=place)
