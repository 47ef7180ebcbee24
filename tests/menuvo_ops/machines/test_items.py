"""Each item is a file of shell that says what is wrong and, mostly, mends it."""

import re
import subprocess

import pytest

from menuvo_ops.machines.items import BROUGHT, ITEMS, OPEN, SHELL, SHUT, Item
from menuvo_ops.machines.script import script

# What nobody can mend from outside, and what comes with something else.
ONLY_LOOKED_AT = {"system", "registry", "tool"}


def functions(item: Item) -> set[str]:
    return set(re.findall(r"^(\w+)\(\) \{", item.file.read_text(), re.MULTILINE))


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_an_item_can_be_checked_and_what_can_be_mended_is(item: Item) -> None:
    assert f"check_{item.name}" in functions(item)
    assert (f"mend_{item.name}" in functions(item)) == (item.name not in ONLY_LOOKED_AT)


def test_every_file_is_an_item() -> None:
    files = {file.stem for file in (SHELL / "items").iterdir()}
    assert files == {item.name for item in ITEMS}


def test_no_two_items_call_something_by_the_same_name() -> None:
    """They are one script, where the second would take the place of the first."""
    names = [name for item in ITEMS for name in functions(item)]
    common = (SHELL / "common.sh", SHELL / "run.sh")
    shared = [
        name
        for file in common
        for name in re.findall(r"^(\w+)\(\) \{", file.read_text(), re.MULTILINE)
    ]
    assert len({*names, *shared}) == len(names) + len(shared)


def test_doors_are_shut_after_everything_that_could_keep_somebody_out() -> None:
    assert (*OPEN, *SHUT, *BROUGHT) == ITEMS
    assert [item.name for item in SHUT] == ["firewall", "sshd"]


def test_the_shell_of_the_smallest_system_can_read_it() -> None:
    done = subprocess.run(
        ["sh", "-n"], input=script("check"), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
