import socket
from pathlib import Path

import pytest

from menuvo_ops.doctor.production.reachable import listening_to_the_world, to_the_world


@pytest.mark.parametrize(
    ("said", "ports"),
    [
        ("0.0.0.0:443->443/tcp, [::]:443->443/tcp", [443, 443]),
        ("127.0.0.1:5432->5432/tcp, [::1]:5432->5432/tcp", []),
        ("0.0.0.0:8000-8002->8000-8002/tcp", [8000, 8001, 8002]),
        ("0.0.0.0:80-81->80-81/tcp", [80, 81]),
        ("192.0.2.7:6379->6379/tcp", [6379]),
        ("3000/tcp", []),
        ("", []),
    ],
)
def test_what_docker_publishes_to_the_world_is_told_from_what_stays_here(
    said: str, ports: list[int]
) -> None:
    assert list(to_the_world(said)) == ports


@pytest.mark.parametrize(
    ("family", "address", "is_open"),
    [
        (socket.AF_INET, "0.0.0.0", True),
        (socket.AF_INET, "127.0.0.1", False),
        (socket.AF_INET6, "::", True),
        (socket.AF_INET6, "::1", False),
    ],
)
def test_what_listens_for_everybody_is_read_from_the_kernel(
    family: socket.AddressFamily, address: str, *, is_open: bool
) -> None:
    with socket.socket(family) as server:
        server.bind((address, 0))
        server.listen()
        port = server.getsockname()[1]
        name = "tcp6" if family is socket.AF_INET6 else "tcp"
        found = set(listening_to_the_world(Path("/proc/net", name).read_text(), family))
    assert (port in found) is is_open
