import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.local.ports import (
    Moved,
    PortClaims,
    choose_ports,
    free_port,
    is_free,
    remembered_ports,
)


@pytest.fixture
def claims() -> Generator[PortClaims]:
    with PortClaims() as claims:
        yield claims


def test_ports_are_remembered_between_runs(tmp_path: Path, claims: PortClaims) -> None:
    first, second = free_port(), free_port()
    chosen, moved = choose_ports(tmp_path / "ports.json", {"caddy": first}, claims)
    assert (chosen, moved) == ({"caddy": first}, [])

    again, _ = choose_ports(tmp_path / "ports.json", {"caddy": second}, claims)
    assert again == {"caddy": first}


def test_what_does_not_run_keeps_its_port_for_the_next_time(
    tmp_path: Path, claims: PortClaims
) -> None:
    file, caddy, gatus = tmp_path / "ports.json", free_port(), free_port()
    choose_ports(file, {"caddy": caddy, "gatus": gatus}, claims)
    choose_ports(file, {"caddy": caddy}, claims)
    assert remembered_ports(file) == {"caddy": caddy, "gatus": gatus}


def test_a_taken_port_gives_way_to_the_next_free_one_and_says_so(
    tmp_path: Path, claims: PortClaims
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = stranger.getsockname()[1]
        chosen, moved = choose_ports(tmp_path / "ports.json", {"caddy": taken}, claims)

    assert chosen["caddy"] > taken
    assert moved == [Moved(service="caddy", taken=taken, chosen=chosen["caddy"])]


def test_two_services_never_get_the_same_port(tmp_path: Path, claims: PortClaims) -> None:
    port = free_port()
    chosen, _ = choose_ports(tmp_path / "ports.json", {"a": port, "b": port}, claims)
    assert chosen["a"] != chosen["b"]


def test_a_listener_on_one_address_takes_the_port_on_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        assert not is_free(port)
    assert is_free(port)


def test_a_claimed_port_is_free_for_its_own_service_and_for_no_other_clone(
    claims: PortClaims,
) -> None:
    port = free_port()
    assert claims.take(port)
    assert claims.take(port)
    with PortClaims() as neighbour:
        assert not neighbour.take(port)
        with socket.create_server(("127.0.0.1", port)):
            assert not neighbour.take(port)


def test_claims_end_with_their_block_and_a_port_in_use_is_never_claimed() -> None:
    with PortClaims() as first, socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        assert not first.take(port)
        stranger.close()
        with PortClaims() as second:
            assert second.take(port)
        assert first.take(port)


CHOOSE = """
import json, subprocess, sys
from pathlib import Path

from menuvo_ops.local.ports import PortClaims, choose_ports

print("there", flush=True)
sys.stdin.readline()
with PortClaims() as claims:
    chosen, _ = choose_ports(Path(sys.argv[1]), json.loads(sys.argv[2]), claims)
    child = subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL)
    print(json.dumps({"ports": chosen, "child": child.pid}), flush=True)
    sys.stdin.readline()
    child.kill()
"""


def chooser(file: Path, preferred: dict[str, int]) -> subprocess.Popen[str]:
    """A clone that chooses when it is told to, and keeps its claims until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", CHOOSE, str(file), json.dumps(preferred)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "there\n"
    return process


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout
    return json.loads(process.stdout.readline())


def test_clones_that_choose_in_the_same_instant_choose_different_ports(tmp_path: Path) -> None:
    """Nobody listens yet, so every port looks free to all of them."""
    first = free_port()
    preferred = {name: first + distance for distance, name in enumerate("abcde")}
    clones = [chooser(tmp_path / f"{number}.json", preferred) for number in range(4)]
    try:
        for clone in clones:
            tell(clone)
        chosen = [port for clone in clones for port in answer(clone)["ports"].values()]
    finally:
        for clone in clones:
            clone.communicate("\n", timeout=20)
    assert len(chosen) == 20
    assert len(set(chosen)) == 20


def test_a_killed_clone_keeps_no_port_even_when_a_child_of_it_lives_on(
    tmp_path: Path, claims: PortClaims
) -> None:
    port = free_port()
    clone = chooser(tmp_path / "ports.json", {"caddy": port})
    tell(clone)
    child = answer(clone)["child"]
    try:
        assert not claims.take(port)
        clone.kill()
        clone.communicate()
        eventually(lambda: claims.take(port))
    finally:
        os.kill(child, signal.SIGKILL)
