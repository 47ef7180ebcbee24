"""Ports: chosen once, remembered, and changed only when somebody else has taken them."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

_HIGHEST = 65535


@dataclass(frozen=True)
class Moved:
    """A port that had to give way."""

    service: str
    taken: int
    chosen: int


def free_port() -> int:
    """Any free port, chosen by the system."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return cast("tuple[str, int]", probe.getsockname())[1]


def is_free(port: int) -> bool:
    """Whether a server could listen there on every address."""
    try:
        with socket.create_server(("0.0.0.0", port)):  # noqa: S104 - closed again at once
            return True
    except OSError:
        return False


def choose_ports(file: Path, preferred: Mapping[str, int]) -> tuple[dict[str, int], list[Moved]]:
    """One port per name: the remembered one, else the preferred one, else the next free one."""
    remembered = remembered_ports(file)
    chosen: dict[str, int] = {}
    moved: list[Moved] = []
    for name, preference in preferred.items():
        wanted = remembered.get(name, preference)
        port = _next_free(wanted, but_not=set(chosen.values()))
        if port != wanted:
            moved.append(Moved(service=name, taken=wanted, chosen=port))
        chosen[name] = port
    remember_ports(file, chosen)
    return chosen, moved


def remembered_ports(file: Path) -> dict[str, int]:
    return cast("dict[str, int]", json.loads(file.read_text())) if file.exists() else {}


def remember_ports(file: Path, ports: Mapping[str, int]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.partial")
    partial.write_text(json.dumps(dict(ports), indent=2) + "\n")
    partial.rename(file)


def _next_free(wanted: int, *, but_not: set[int]) -> int:
    candidates = range(wanted, _HIGHEST + 1)
    free = (port for port in candidates if port not in but_not and is_free(port))
    return next(free, None) or free_port()
