"""Production's checks at other addresses. The file stays the text that it is: its comments, anchors
and merges mean something to Gatus, and nothing is read here but names and addresses."""

import re
from collections.abc import Mapping
from pathlib import Path

# How the containers find each other, and at which port.
ADDRESSES = {
    "postgres": "postgres:5432",
    "redis": "redis:6379",
    "platform-a": "platform-a:3000",
    "platform-b": "platform-b:3000",
    "caddy": "caddy:443",
    "beszel": "beszel:8090",
}


def relocated(checks: str, *, port: int, data: Path, ports: Mapping[str, int]) -> str:
    """Everything on this machine: Gatus itself at `port`, with its history in `data`."""
    checks = checks.replace("  port: 8080\n", f"  address: 127.0.0.1\n  port: {port}\n")
    checks = checks.replace("path: /data/", f"path: {data}/")
    for name, here in ports.items():
        checks = checks.replace(f"//{ADDRESSES[name]}", f"//127.0.0.1:{here}")
    return checks


def without(checks: str, name: str) -> str:
    """Leaves out one check with all that stands below it."""
    item = re.compile(rf"^( *)- name: {re.escape(name)}\n(?:\1 .*\n|\n)*", re.MULTILINE)
    return item.sub("", checks)


def leading_to(checks: str, base_url: str) -> str:
    """With links and pictures of a platform that has no domain of its own."""
    return checks.replace("https://${DOMAIN}", base_url)
