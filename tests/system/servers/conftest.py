"""One empty server for a module."""

from collections.abc import Generator
from pathlib import Path

import pytest

from menuvo_ops.terminal import talk
from tests.system.bed.engine import can_be_made
from tests.system.servers.machine import Machine, running_machine


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Generator[Machine]:
    """Skips where nobody may make namespaces of Debian's packages."""
    if not can_be_made():
        pytest.skip("A server in namespaces can only be made by root on Debian.")
    folder: Path = tmp_path_factory.mktemp("server")
    with running_machine(folder, talk.print) as running:
        yield running
