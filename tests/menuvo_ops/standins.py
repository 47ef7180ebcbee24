"""Tiny programs in the place of the platform's."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from menuvo_ops.commands.process import tethered
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.probes import HttpProbe
from menuvo_ops.local.services import Service


@dataclass(frozen=True)
class Alive:
    """Healthy as long as it runs."""

    def healthy(self) -> bool:
        return True


def program(source: str) -> list[str]:
    return tethered([sys.executable, "-c", source], "KILL")


def web_service(name: str, *, needs: tuple[str, ...] = (), grace: float = 5) -> Service:
    """Healthy as soon as it answers, with a list of folders."""
    port = free_port()
    argv = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    return Service(
        name=name,
        argv=tethered([*argv, "--directory", "/usr"], "KILL"),
        probe=HttpProbe(port, "/"),
        needs=needs,
        grace=grace,
        url=f"http://127.0.0.1:{port}",
    )


def task(name: str, source: str, *, needs: tuple[str, ...] = ()) -> Service:
    return Service(name=name, argv=program(source), needs=needs)


def keeping_output(service: Service, file: Path) -> Service:
    return replace(service, output=file)
