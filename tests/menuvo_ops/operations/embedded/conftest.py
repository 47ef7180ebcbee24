from collections.abc import Generator
from pathlib import Path

import pytest
from tests.menuvo_ops.operations.embedded.trial import Trial, furnish

from menuvo_ops.local.leftovers import find_leftovers
from menuvo_ops.local.paths import Clone
from menuvo_ops.operations.embedded.down import down


@pytest.fixture
def trial(tmp_path: Path) -> Generator[Trial]:
    trial = Trial(Clone(tmp_path))
    furnish(trial)
    yield trial
    down(trial.clone, delete_data=False)
    assert find_leftovers(trial.clone.state) == []
