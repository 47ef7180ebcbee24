"""The stack survives the engine under it."""

import pytest

from tests.system.bed.bed import Bed
from tests.system.production.stack import PERMANENT, Production

pytestmark = [pytest.mark.core, pytest.mark.private_engine]


def test_a_stop_and_start_of_the_engine_brings_everything_back(
    bed: Bed, production: Production
) -> None:
    orders = production.sql("SELECT count(*) FROM orders")
    assert bed.engine.daemon is not None
    bed.engine.daemon.restart()

    def all_well() -> bool:
        services = production.project.services()
        return all(services[name].is_well for name in PERMANENT)

    production.until(all_well, 120)
    assert production.request("/health").status_code == 200
    assert production.sql("SELECT count(*) FROM orders") == orders
