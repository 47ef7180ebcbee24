"""This machine's address as its neighbours see it."""

import socket
from typing import cast

_ANYWHERE_OUTSIDE = ("192.0.2.1", 9)


def lan_address() -> str | None:
    """Where a phone in the same network finds us; None without a network.

    Connecting a datagram socket sends nothing: it only asks which way a packet would go.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ANYWHERE_OUTSIDE)
        except OSError:
            return None
        return cast("tuple[str, int]", probe.getsockname())[0]
