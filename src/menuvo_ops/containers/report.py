"""What runs in containers, in the words of `menuvo status`."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypedDict, cast

from menuvo_ops.commands import docker
from menuvo_ops.containers.client import Client
from menuvo_ops.containers.containers import Container
from menuvo_ops.local.demo import read_demo
from menuvo_ops.local.report import Report, ServiceReport, addresses
from menuvo_ops.runner import run

_SHORT_ID = 12
_SIZE = re.compile(r"([\d.]+)([KMG]i)?B")
_UNITS = {None: 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


class _State(TypedDict):
    Pid: int


class _Inspected(TypedDict):
    """The part of `container inspect` that is read here."""

    Id: str
    RestartCount: int
    State: _State


def report(client: Client) -> Report:
    services = _services(client)
    demo = read_demo(client.production.demo)
    return Report(
        state=state_of_all([service["state"] for service in services]),
        **addresses(client.base_url, demo),
        release=client.current.release,
        services=services,
    )


def _services(client: Client) -> list[ServiceReport]:
    containers = client.containers()
    if not containers:
        return []
    ids = [container.id for container in containers]
    printed = run(docker.inspect_containers(ids), what="Looking at the containers")
    inspected = {
        one["Id"][:_SHORT_ID]: one for one in cast("list[_Inspected]", json.loads(printed))
    }
    memory = memory_by_container(run(docker.memory(ids), what="Asking for the memory"))
    return [
        _service(one, inspected[one.id[:_SHORT_ID]], memory.get(one.id[:_SHORT_ID]))
        for one in containers
    ]


def _service(container: Container, inspected: _Inspected, memory: int | None) -> ServiceReport:
    return ServiceReport(
        name=container.service,
        state=container.word,
        detail="",
        pid=inspected["State"]["Pid"] or None,
        url=None,
        restarts=inspected["RestartCount"],
        resident_bytes=memory,
    )


def memory_by_container(printed: str) -> Mapping[str, int]:
    """Bytes by the short id, from lines such as `{"ID":"e62…","MemUsage":"3.9MiB / 256MiB"}`."""
    memory: dict[str, int] = {}
    for line in printed.splitlines():
        shown = cast("dict[str, str]", json.loads(line))
        found = _SIZE.match(shown["MemUsage"])
        if found:
            memory[shown["ID"][:_SHORT_ID]] = int(float(found[1]) * _UNITS[found[2]])
    return memory


def state_of_all(states: Sequence[str]) -> str:
    if not states:
        return "stopped"
    if set(states) == {"healthy"}:
        return "running"
    return "starting" if set(states) <= {"healthy", "starting"} else "degraded"
