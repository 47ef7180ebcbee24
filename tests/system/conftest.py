"""The whole platform as a new user gets it: a clone of its own, brought up with one command."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.system.bed.engine import can_be_made
from tests.system.bed.fixtures import SECONDS, bed, report_lines
from tests.system.browsers import Window, chromium, window
from tests.system.clone import Stack, copy_checkout, describe, menuvo, share_packages
from tests.system.lines import Line, line_to

__all__ = ["bed"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not can_be_made():
        left_out = [item for item in items if item.get_closest_marker("private_engine")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.system)
            if "bed" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.timeout(SECONDS))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = report_lines()
    if lines:
        terminalreporter.section("the test bed")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    root = tmp_path_factory.mktemp("clone") / "menuvo"
    copy_checkout(root)
    share_packages(root)
    try:
        menuvo(root, "up", "--detach")
        yield describe(root)
    finally:
        menuvo(root, "down")
        shutil.rmtree(root, ignore_errors=True)


# Not longer than a module: as long as it lives, tests that are asynchronous themselves cannot run.
@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def line(stack: Stack) -> Generator[Line]:
    with line_to(stack.base_url) as line:
        yield line


@pytest.fixture
def guest(browser: Browser) -> Generator[Window]:
    with window(browser) as guest:
        yield guest
