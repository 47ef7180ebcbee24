"""Each item is a file of shell that says what is wrong and, mostly, mends it."""

import re
import subprocess
from pathlib import Path

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


# Whoever runs the tests makes no users.
_NO_USERS = """
home_of() { echo "$HOME"; }
id() { echo deploy; }
install() { :; }
for program in usermod chown visudo put_file; do eval "$program() { :; }"; done
"""


def test_a_key_is_added_below_one_whose_line_has_no_end(tmp_path: Path) -> None:
    """As panels of providers leave it; on the same line it would be a comment of the other."""
    keys = tmp_path / ".ssh/authorized_keys"
    keys.parent.mkdir()
    keys.write_text("ssh-ed25519 AAAA theirs")
    shell = [(SHELL / "common.sh").read_text(), (SHELL / "items/user.sh").read_text(), _NO_USERS]
    given = {
        "DEPLOY_USER": "deploy",
        "WANTED_KEYS": "ssh-ed25519 BBBB ours\nssh-rsa CCCC also",
        "HOME": str(tmp_path),
        "WORK": str(tmp_path),
        "PATH": "/usr/bin:/bin",
    }
    for _ in range(2):
        subprocess.run(
            ["sh", "-e"], input="\n".join([*shell, "mend_user"]), env=given, text=True, check=True
        )
    assert keys.read_text().splitlines() == [
        *("ssh-ed25519 AAAA theirs", "ssh-ed25519 BBBB ours", "ssh-rsa CCCC also"),
    ]
