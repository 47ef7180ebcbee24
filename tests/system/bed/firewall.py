"""What Docker adds to the packet filter, and how to take it out again.

A daemon that stops leaves its rules behind. They are told apart by what stood there before it
started: a rule that was there stays.
"""

import re

from menuvo_ops.runner import run

TABLES = ("filter", "nat", "raw")
_WAIT = ["iptables", "--wait", "10"]


def snapshot() -> dict[str, list[str]]:
    """Per table every policy (-P), chain (-N) and rule (-A), in order."""
    return {
        table: run(
            [*_WAIT, "-t", table, "-S"], what=f"Reading the packet filter ({table})"
        ).splitlines()
        for table in TABLES
    }


def restore(before: dict[str, list[str]], *, bridge: str, alone: bool) -> None:
    """Take out what came since `before`.

    Where another daemon runs (not `alone`), Docker's chains are shared: then only rules go that
    name our `bridge`.
    """
    for table, now in snapshot().items():
        for change in undo(before.get(table, []), now, bridge=bridge, alone=alone):
            run([*_WAIT, "-t", table, *change], what=f"Clearing the packet filter ({table})")


def undo(before: list[str], now: list[str], *, bridge: str, alone: bool) -> list[list[str]]:
    """The arguments that turn `now` back: rules first, then the chains they used."""
    since = [line for line in now if line not in before]
    rules = [
        line for line in since if line.startswith("-A") and _is_ours(line, bridge, alone=alone)
    ]
    changes = [_deletion(rule) for rule in rules]
    if alone:
        chains = [line.split()[1] for line in since if line.startswith("-N DOCKER")]
        changes += [["-F", chain] for chain in chains]
        changes += [["-X", chain] for chain in chains]
        changes += [line.split() for line in before if line.startswith("-P") and line not in now]
    return changes


def _is_ours(rule: str, bridge: str, *, alone: bool) -> bool:
    return bridge in rule.split() or (alone and "DOCKER" in rule)


def _deletion(rule: str) -> list[str]:
    return ["-D", *re.findall(r'"[^"]*"|\S+', rule)[1:]]
