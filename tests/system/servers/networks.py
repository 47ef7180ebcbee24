"""Sockets that listen in one network namespace and are served from another."""

import ctypes
import os
import socket
from concurrent.futures import ThreadPoolExecutor

_NETWORK = 0x40000000


def listening_in(pid: int, address: tuple[str, int]) -> socket.socket:
    """In the network of a process. A socket stays where it was made, whoever uses it."""
    # A thread of its own, because who enters a namespace stays there.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_listen, pid, address).result()


def _listen(pid: int, address: tuple[str, int]) -> socket.socket:
    namespace = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(namespace, _NETWORK):
            raise OSError(ctypes.get_errno(), "The network could not be entered")
    finally:
        os.close(namespace)
    return socket.create_server(address)
