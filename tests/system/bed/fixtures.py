"""The bed for pytest: one for the whole run, started by the first test that asks."""

from collections.abc import Generator

import pytest

from menuvo_ops.errors import MissingProgram
from menuvo_ops.terminal import talk
from tests.system.bed.bed import Bed, running_bed
from tests.system.bed.report import Report

# From nothing, with every program built, on two cores that others use too.
SECONDS = 1800
_reports: list[Report] = []


@pytest.fixture(scope="session")
def bed() -> Generator[Bed]:
    """Skips, with the reason, where no engine can be had."""
    try:
        with running_bed(talk.print) as running:
            _reports.append(running.report)
            yield running
    except MissingProgram as missing:
        pytest.skip(f"{missing.message} {missing.hint}")


def report_lines() -> list[str]:
    return [line for report in _reports for line in report.lines()]
