"""Whether the server itself has what a rollout needs: rights, disk, memory, free ports."""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict, cast

from menuvo_ops.commands import docker
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.scene import Scene

_GB = 1_000_000_000
_LEAST_FREE_BYTES = 2 * _GB
_LEAST_FREE_SHARE = 0.05
# The limit of a canary and of every task, and a little for what Docker itself needs.
_LEAST_MEMORY_BYTES = (512 + 128) * 1024 * 1024
_MEMINFO = Path("/proc/meminfo")


def rights(scene: Scene) -> Iterator[Problem]:
    if not os.access(scene.stack.directory, os.W_OK):
        yield Problem(f"{scene.stack.directory} cannot be written", "Run this as its owner.")


def disk(scene: Scene) -> Iterator[Problem]:
    root = scene.stack.shell.run(docker.data_folder(), what="Asking Docker").strip()
    for folder in {scene.stack.directory, Path(root)}:
        if folder.is_dir():
            usage = shutil.disk_usage(folder)
            if disk_is_full(usage.total, usage.free):
                yield Problem(
                    f"Only {usage.free / _GB:.1f} GB of the disk of {folder} are free"
                    f" ({usage.free / usage.total:.0%})",
                    "docker system df shows what takes the room.",
                )


def disk_is_full(total: int, free: int) -> bool:
    return free < _LEAST_FREE_BYTES or free < total * _LEAST_FREE_SHARE


def memory(_scene: Scene) -> Iterator[Problem]:
    available = find_available_memory()
    if available is not None and available < _LEAST_MEMORY_BYTES:
        yield Problem(
            f"Only {available // 1024 // 1024} MiB of memory are available and the canary needs"
            f" {_LEAST_MEMORY_BYTES // 1024 // 1024}",
            "docker stats shows who has it.",
        )


def least_memory() -> int:
    """What a task of 512 MiB takes, in bytes."""
    return _LEAST_MEMORY_BYTES


def find_available_memory() -> int | None:
    """In bytes; None where the kernel does not say."""
    return available_memory(_MEMINFO.read_text()) if _MEMINFO.exists() else None


def available_memory(meminfo: str) -> int | None:
    """In bytes."""
    for line in meminfo.splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def ports(scene: Scene) -> Iterator[Problem]:
    config = scene.stack.config(scene.project(scene.target))
    for address, port in published_ports(config):
        with socket.socket() as client:
            client.settimeout(1)
            if client.connect_ex((address, port)) == 0:
                yield Problem(
                    f"Port {port} is taken by another program",
                    "ss -ltnp shows which. Stop it, or set HTTP_PORT and HTTPS_PORT.",
                )


class _Published(TypedDict, total=False):
    published: str
    host_ip: str
    protocol: str


def published_ports(config: str) -> list[tuple[str, int]]:
    """Where the compose file, as JSON, wants to listen; by TCP."""
    services = cast("dict[str, dict[str, list[_Published]]]", json.loads(config)["services"])
    wanted = (port for service in services.values() for port in service.get("ports", []))
    return [
        (port.get("host_ip") or "127.0.0.1", int(port.get("published", "0")))
        for port in wanted
        if port.get("protocol") == "tcp" and port.get("published")
    ]
