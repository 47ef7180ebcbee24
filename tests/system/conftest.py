"""The whole platform as a new user gets it: a clone of its own, brought up with one command."""

import shutil
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from tests.system.clone import Stack, copy_checkout, describe, menuvo, share_packages


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.system)


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
