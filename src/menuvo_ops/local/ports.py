"""Ports on the loopback address."""

import socket
from typing import cast


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return cast("tuple[str, int]", probe.getsockname())[1]


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now; a closed connection's leftovers do not count."""
    try:
        with socket.create_server((host, port)):
            return True
    except OSError:
        return False
