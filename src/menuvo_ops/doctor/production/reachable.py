"""What else of this server can be reached from outside.

Docker opens the ports that it publishes itself, past the firewall, so a rule there closes nothing.
"""

import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

from menuvo_ops.commands import docker
from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.finding import Found, doubtful, ill, well
from menuvo_ops.doctor.production.check import Checks

_WANTED = {80, 443}
_LISTENING = "0A"
_TABLES = {Path("/proc/net/tcp"): socket.AF_INET, Path("/proc/net/tcp6"): socket.AF_INET6}


def published(ground: Deployed) -> Found:
    printed = ground.stack.shell.run(docker.published_ports(), what="Asking Docker")
    open_ = sorted(
        (name, port)
        for name, _, ports in (line.partition("\t") for line in printed.splitlines())
        for port in to_the_world(ports)
        if port not in _WANTED | ground.own_ports
    )
    if not open_:
        return well("No container is reached from outside but the proxy.")
    told = ", ".join(f"{port} of {name}" for name, port in open_)
    return ill(
        f"Reached from outside, past every firewall: {told}.",
        fix="Publish it at 127.0.0.1 instead (`127.0.0.1:PORT:PORT`), and start it again.",
    )


def listening(ground: Deployed) -> Found:
    ports = sorted(
        {
            port
            for table, family in _TABLES.items()
            if table.exists()
            for port in listening_to_the_world(table.read_text(), family)
        }
        - _WANTED
        - ground.own_ports
        - {_port_of_ssh()}
    )
    if not ports:
        return well("Nothing listens but ssh and the proxy.")
    told = ", ".join(map(str, ports))
    return doubtful(
        f"Programs of this server listen for everybody, and a firewall alone keeps others out:"
        f" {told}.",
        fix=f"ss -ltnp shows which. ufw deny {ports[0]}, or let it listen at 127.0.0.1.",
    )


def to_the_world(ports: str) -> Iterator[int]:
    """From Docker's words: `0.0.0.0:80-81->80-81/tcp, 127.0.0.1:5432->5432/tcp`."""
    for one in ports.split(", "):
        address, arrow, _ = one.partition("->")
        host, _, port = address.rpartition(":")
        if arrow and host.strip("[]") not in {"127.0.0.1", "::1"}:
            first, _, last = port.partition("-")
            yield from range(int(first), int(last or first) + 1)


def listening_to_the_world(table: str, family: socket.AddressFamily) -> Iterator[int]:
    """From /proc/net/tcp, whose addresses are words of the machine in hexadecimal."""
    for line in table.splitlines()[1:]:
        _, local, _, state = line.split()[:4]
        address, _, port = local.partition(":")
        if state == _LISTENING and not _is_of_this_machine(address, family):
            yield int(port, 16)


def _is_of_this_machine(address: str, family: socket.AddressFamily) -> bool:
    words = [int(address[at : at + 8], 16) for at in range(0, len(address), 8)]
    told = socket.inet_ntop(family, struct.pack(f"={len(words)}I", *words))
    return told.startswith(("127.", "::ffff:127.")) or told == "::1"


def _port_of_ssh() -> int:
    """As the session that asks came in by."""
    return int((os.environ.get("SSH_CONNECTION", "").split() or ["22"])[-1])


CHECKS: Checks = {"ports-published": published, "ports-listening": listening}
