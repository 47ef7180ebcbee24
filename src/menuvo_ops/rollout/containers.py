"""What the engine knows of a container, as far as a rollout asks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict, cast

SERVICE = "com.docker.compose.service"
CONFIG_HASH = "com.docker.compose.config-hash"


class _Checked(TypedDict):
    Output: str


class _Health(TypedDict, total=False):
    Status: str
    Log: "list[_Checked] | None"


class _State(TypedDict, total=False):
    Status: str
    ExitCode: int
    OOMKilled: bool
    Health: _Health


class _HostConfig(TypedDict):
    Memory: int


class _Config(TypedDict):
    Labels: dict[str, str]


class _Port(TypedDict):
    HostPort: str


class _Network(TypedDict):
    Ports: dict[str, "list[_Port] | None"]


class _Inspected(TypedDict):
    Id: str
    Created: str
    Image: str
    RestartCount: int
    State: _State
    Config: _Config
    HostConfig: _HostConfig
    NetworkSettings: _Network


@dataclass(frozen=True)
class Container:
    """`health` is empty where nothing checks it; `image` is the image's id; `created` is the
    second in UTC, as the journal tells instants."""

    id: str
    created: str
    service: str
    image: str
    config_hash: str
    status: str
    health: str
    restarts: int
    exit_code: int
    out_of_memory: bool
    # In bytes; 0 without one.
    memory_limit: int
    ports: Mapping[str, int]
    # By its last health check.
    complaint: str = ""

    @property
    def is_well(self) -> bool:
        return self.status == "running" and self.health in {"", "healthy"}

    @property
    def word(self) -> str:
        if self.out_of_memory:
            return "killed, its memory was not enough"
        if self.status == "running":
            return self.health or "running"
        return f"{self.status} (exit code {self.exit_code})"

    @property
    def trouble(self) -> str:
        """What is wrong with it. A process that is up is asked, and often says why."""
        is_up = self.status == "running" and not self.is_well
        return f"{self.word}, {self.complaint}" if is_up and self.complaint else self.word


def parse(printed: str) -> dict[str, Container]:
    """By service, from what `docker container inspect` printed."""
    found = (_container(one) for one in cast("list[_Inspected]", json.loads(printed)))
    return {container.service: container for container in found}


def _container(one: _Inspected) -> Container:
    state, labels = one["State"], one["Config"]["Labels"]
    health = state.get("Health", {})
    checks = health.get("Log") or []
    return Container(
        id=one["Id"],
        created=one["Created"][: len("2026-11-28T06:00:00")],
        service=labels[SERVICE],
        image=one["Image"],
        config_hash=labels.get(CONFIG_HASH, ""),
        status=state.get("Status", ""),
        health=health.get("Status", ""),
        restarts=one["RestartCount"],
        exit_code=state.get("ExitCode", 0),
        out_of_memory=state.get("OOMKilled", False),
        memory_limit=one["HostConfig"]["Memory"],
        ports={
            inside.partition("/")[0]: int(outside[0]["HostPort"])
            for inside, outside in one["NetworkSettings"]["Ports"].items()
            if outside and inside.endswith("/tcp")
        },
        complaint=checks[-1]["Output"].strip() if checks else "",
    )
