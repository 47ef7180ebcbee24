"""Ports: chosen once, remembered, and changed only when somebody else has taken them.

Seconds pass before a service listens on the port chosen for it, and whoever chooses meanwhile
would find it free. So a port is claimed first, and the claim is kept as long as the stack runs:
a service that is just being restarted does not lose its port either.
"""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self, cast

_HIGHEST = 65535


@dataclass(frozen=True)
class Moved:
    """A port that had to give way."""

    service: str
    taken: int
    chosen: int


class PortClaims:
    """Ports that no other clone will choose as long as this lives.

    A claim is the name of an abstract socket: it has one owner in exactly the network in which the
    port has one, it leaves no file, and the kernel frees it however its owner ended.
    """

    def __init__(self) -> None:
        self._held: dict[int, socket.socket] = {}

    def take(self, port: int) -> bool:
        """Claim it, unless another clone has or a program listens there."""
        if port in self._held:
            return True
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0menuvo-port-{port}")
        except OSError:
            claim.close()
            return False
        # Only its owner asks: two that tried a port at once would each take the other for a server.
        if not is_free(port):
            claim.close()
            return False
        self._held[port] = claim
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for claim in self._held.values():
            claim.close()
        self._held.clear()


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


def choose_ports(
    file: Path, preferred: Mapping[str, int], claims: PortClaims
) -> tuple[dict[str, int], list[Moved]]:
    """One port per name: the remembered one, else the preferred one, else the next free one."""
    remembered = remembered_ports(file)
    chosen: dict[str, int] = {}
    moved: list[Moved] = []
    for name, preference in preferred.items():
        wanted = remembered.get(name, preference)
        port = _next_free(wanted, claims, but_not=set(chosen.values()))
        if port != wanted:
            moved.append(Moved(service=name, taken=wanted, chosen=port))
        chosen[name] = port
    # What does not run this time keeps its port for the next.
    remember_ports(file, remembered | chosen)
    return chosen, moved


def remembered_ports(file: Path) -> dict[str, int]:
    return cast("dict[str, int]", json.loads(file.read_text())) if file.exists() else {}


def remember_ports(file: Path, ports: Mapping[str, int]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.partial")
    partial.write_text(json.dumps(dict(ports), indent=2) + "\n")
    partial.rename(file)


def _next_free(wanted: int, claims: PortClaims, *, but_not: set[int]) -> int:
    candidates = chain(range(wanted, _HIGHEST + 1), iter(free_port, None))
    return next(port for port in candidates if port not in but_not and claims.take(port))
