"""The processes of a deployment: of which release each is, how it is, and what it takes."""

from dataclasses import dataclass

from menuvo_ops.commands import docker
from menuvo_ops.containers.memory import MOST_MIB
from menuvo_ops.containers.usage import SHORT_ID, memory_by_container
from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.ground import Service
from menuvo_ops.rollout.status import Status

_MIB = 1024**2


@dataclass(frozen=True)
class Process:
    """`memory` and `limit` are bytes; `version` is empty for what is of no release."""

    service: str
    state: str
    version: str
    memory: int
    limit: int
    restarts: int


def processes(ground: Deployed, serving: Status) -> "list[Process]":
    """Guests' instances and the workers first, in the order of a deploy."""
    versions = {one.service: one.version for one in serving.running}
    order = list(versions)
    services = sorted(
        ground.services(),
        key=lambda one: (order.index(one.name) if one.name in order else len(order), one.name),
    )
    memory = _memory_by_service(ground)
    return [_process(one, versions.get(one.name, ""), memory.get(one.name, 0)) for one in services]


def rows(them: "list[Process]") -> "list[tuple[str, ...]]":
    """Under their headings, and what all of them take together."""
    taken = sum(one.memory for one in them)
    promised = sum(one.limit for one in them)
    return [
        ("Service", "State", "Release", "Memory", "Restarts"),
        *(_row(one) for one in them),
        ("", "", "", f"{_mebibytes(taken, promised)}, at most {MOST_MIB:,}", ""),
    ]


def _row(one: Process) -> "tuple[str, ...]":
    restarts = str(one.restarts) if one.restarts else ""
    memory = _mebibytes(one.memory, one.limit)
    return one.service, one.state, one.version[:12], memory, restarts


def _mebibytes(taken: int, promised: int) -> str:
    return f"{taken // _MIB:,} of {promised // _MIB:,} MiB"


def _process(one: Service, version: str, memory: int) -> Process:
    return Process(one.name, one.word, version, memory, one.limit, one.restarts)


def _memory_by_service(ground: Deployed) -> "dict[str, int]":
    ids = {one.id[:SHORT_ID]: name for name, one in ground.containers.items()}
    # Of all there are: a deploy may replace one while it is measured.
    printed = ground.stack.shell.run(docker.memory(), what="Asking for the memory")
    measured = memory_by_container(printed)
    return {name: measured[short] for short, name in ids.items() if short in measured}
