"""Two clones in two folders, started in the same second: neither notices the other."""

import json
import os
import shutil
import signal
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.system.clone import Stack, copy_checkout, describe, menuvo, share_packages

# Two whole stacks start beside the one that the other tests use.
pytestmark = [pytest.mark.core, pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Pair:
    left: Stack
    right: Stack


def in_both(roots: list[Path], *arguments: str) -> None:
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(menuvo, root, *arguments) for root in roots]:
            done.result()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Generator[Pair]:
    roots = [tmp_path_factory.mktemp(name) / "menuvo" for name in ("left", "right")]
    try:
        for root in roots:
            copy_checkout(root)
            share_packages(root)
        # Makes the environments, so that afterwards both choose their ports in the same moment.
        in_both(roots, "status")
        in_both(roots, "up", "--detach")
        yield Pair(*map(describe, roots))
    finally:
        in_both(roots, "down")
        for root in roots:
            shutil.rmtree(root, ignore_errors=True)


def ports(stack: Stack) -> dict[str, int]:
    return json.loads((stack.root / ".menuvo/ports.json").read_text())


def processes(stack: Stack) -> dict[str, int]:
    """Of the services that run, after checking that all of them are healthy."""
    status = stack.status()
    assert status["state"] == "running"
    return {one["name"]: one["pid"] for one in status["services"] if one["pid"]}


def kill_supervisor(stack: Stack) -> None:
    os.kill(int((stack.root / ".menuvo/supervisor.lock").read_text()), signal.SIGKILL)


def test_both_serve_their_own_restaurant_on_their_own_ports(pair: Pair) -> None:
    assert set(ports(pair.left).values()).isdisjoint(ports(pair.right).values())
    assert set(processes(pair.left).values()).isdisjoint(processes(pair.right).values())
    for mine, other in ((pair.left, pair.right), (pair.right, pair.left)):
        assert httpx.get(mine.table_url).is_redirect
        code = mine.table_url.rpartition("/")[2]
        assert not httpx.get(f"{other.base_url}/q/{code}").is_redirect


def test_stopping_one_leaves_the_other_alone_and_both_remember_their_ports(pair: Pair) -> None:
    before, untouched = ports(pair.left), processes(pair.right)

    pair.left.menuvo("down")
    assert pair.left.status()["state"] == "stopped"
    assert processes(pair.right) == untouched
    assert httpx.get(pair.right.menu_url).status_code == 200

    pair.left.menuvo("up", "--detach")
    assert ports(pair.left) == before
    assert processes(pair.right) == untouched


def test_cleaning_up_after_a_kill_touches_only_ones_own_processes(pair: Pair) -> None:
    before, untouched = ports(pair.left), processes(pair.right)

    kill_supervisor(pair.left)
    pair.left.menuvo("up", "--detach")
    assert ports(pair.left) == before
    assert httpx.get(pair.left.menu_url).status_code == 200

    kill_supervisor(pair.left)
    pair.left.menuvo("down")
    assert processes(pair.right) == untouched
    assert httpx.get(pair.right.menu_url).status_code == 200
