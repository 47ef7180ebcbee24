"""What runs in containers, in the words of `menuvo status`."""

import json
from collections.abc import Sequence
from typing import TypedDict, cast

from menuvo_ops.commands import docker
from menuvo_ops.containers.client import Client
from menuvo_ops.containers.containers import Container
from menuvo_ops.containers.usage import SHORT_ID, memory_by_container
from menuvo_ops.local.demo import read_demo
from menuvo_ops.local.report import Report, ServiceReport, addresses
from menuvo_ops.runner import run


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
    inspected = {one["Id"][:SHORT_ID]: one for one in cast("list[_Inspected]", json.loads(printed))}
    memory = memory_by_container(run(docker.memory(ids), what="Asking for the memory"))
    return [
        _service(one, inspected[one.id[:SHORT_ID]], memory.get(one.id[:SHORT_ID]))
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
        essential=True,
    )


def state_of_all(states: Sequence[str]) -> str:
    if not states:
        return "stopped"
    if set(states) == {"healthy"}:
        return "running"
    return "starting" if set(states) <= {"healthy", "starting"} else "degraded"
