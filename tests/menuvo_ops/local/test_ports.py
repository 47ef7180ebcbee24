import socket
from pathlib import Path

from menuvo_ops.local.ports import Moved, choose_ports, free_port, is_free


def test_ports_are_remembered_between_runs(tmp_path: Path) -> None:
    first, second = free_port(), free_port()
    chosen, moved = choose_ports(tmp_path / "ports.json", {"caddy": first})
    assert (chosen, moved) == ({"caddy": first}, [])

    again, _ = choose_ports(tmp_path / "ports.json", {"caddy": second})
    assert again == {"caddy": first}


def test_a_taken_port_gives_way_to_the_next_free_one_and_says_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = stranger.getsockname()[1]
        chosen, moved = choose_ports(tmp_path / "ports.json", {"caddy": taken})

    assert chosen["caddy"] > taken
    assert moved == [Moved(service="caddy", taken=taken, chosen=chosen["caddy"])]


def test_two_services_never_get_the_same_port(tmp_path: Path) -> None:
    port = free_port()
    chosen, _ = choose_ports(tmp_path / "ports.json", {"a": port, "b": port})
    assert chosen["a"] != chosen["b"]


def test_a_listener_on_one_address_takes_the_port_on_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        assert not is_free(port)
    assert is_free(port)
