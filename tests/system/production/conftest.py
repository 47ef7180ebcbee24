"""One production for all the tests that only look; those that break something repair it."""

from collections.abc import Generator

import pytest

from tests.system.bed.bed import Bed
from tests.system.production.stack import Production, running_production


@pytest.fixture(scope="package")
def production(bed: Bed, tmp_path_factory: pytest.TempPathFactory) -> Generator[Production]:
    with running_production(bed, tmp_path_factory.mktemp("deployment")) as production:
        yield production
