import re

from tests.conftest import CHECKOUT

from menuvo_ops.doctor.examination import CHECKS
from menuvo_ops.doctor.production import CHECKS_OF_PRODUCTION


def test_the_reference_names_every_look_in_its_order() -> None:
    text = (CHECKOUT / "docs/reference/doctor.md").read_text()
    everywhere, on_a_server = text.split("## On a server")
    named = re.compile(r"^\| `([\w-]+)` \|", re.MULTILINE)
    assert named.findall(everywhere) == list(CHECKS)
    assert named.findall(everywhere) + named.findall(on_a_server) == list(CHECKS_OF_PRODUCTION)
