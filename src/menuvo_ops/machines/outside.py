"""Knocks at the server from here: published ports pass its firewall by, so only this can tell."""

import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from menuvo_ops.machines.findings import Finding

# What runs on such a server, and what nobody outside may reach.
INSIDE = {
    2019: "Caddy's own API",
    2020: "Caddy's figures",
    2375: "Docker, without a password",
    2376: "Docker",
    3000: "an instance of the platform",
    5432: "PostgreSQL",
    6379: "Redis",
    8080: "the status page",
    8090: "the monitor",
}
_SECONDS = 3.0


def knock(host: str) -> list[Finding]:
    """Findings of the item `outside`."""
    with ThreadPoolExecutor(len(INSIDE)) as pool:
        answered = list(pool.map(partial(answers_at, host), INSIDE))
    return [_open(port) for port, is_open in zip(INSIDE, answered, strict=True) if is_open] or [
        Finding("outside", "ok", "Of the ports for the inside, none answers from here.")
    ]


def answers_at(host: str, port: int) -> bool:
    """On any address of that name."""
    try:
        with socket.create_connection((host, port), timeout=_SECONDS):
            return True
    except OSError:
        return False


def _open(port: int) -> Finding:
    return Finding(
        "outside",
        "fail",
        f"Port {port} ({INSIDE[port]}) answers from outside.",
        f"See who has it: sudo ss -tlnp 'sport = :{port}'. A port that a container publishes passes"
        " the firewall: take it out of `ports:`, or publish it on 127.0.0.1 alone.",
    )
