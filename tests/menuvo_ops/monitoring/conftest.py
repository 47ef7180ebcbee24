from collections.abc import Generator

import pytest
from tests.menuvo_ops.monitoring.hubs import RunningHub, running_hub


@pytest.fixture
def hub() -> Generator[RunningHub]:
    with running_hub() as running:
        yield running
