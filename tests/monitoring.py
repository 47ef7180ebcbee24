"""Gatus and Beszel of the test bed's cache, lent to a clone that would build them for minutes."""

import pytest

from menuvo_ops.errors import MissingProgram
from menuvo_ops.local.monitoring import modules
from menuvo_ops.local.paths import Clone
from tests.system.bed.binaries import AGENT, GATUS, HUB, provide
from tests.system.bed.cache import locked


def lend(clone: Clone) -> None:
    """The hub is one without pages: those are all that its API can do without."""
    clone.programs.mkdir(parents=True)
    for module, lent in (
        (modules.gatus(clone.root), GATUS),
        (modules.hub(clone.root), HUB),
        (modules.agent(clone.root), AGENT),
    ):
        try:
            with locked("binaries"):
                module.home(clone.programs).symlink_to(provide(lent, print))
        except MissingProgram as missing:
            pytest.skip(f"Gatus and Beszel are built with Go: {missing.message}")
