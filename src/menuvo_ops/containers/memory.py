"""Whether the services that run all the time fit on the server, by the limits of the compose file.

What is promised beyond the server's memory is taken from whoever the kernel chooses.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict, cast

from menuvo_ops.commands import compose, docker
from menuvo_ops.environment import Environment
from menuvo_ops.environment.deployment import COMPOSE_FILE
from menuvo_ops.environment.findings import Finding, warning
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.errors import CommandFailed, MissingProgram
from menuvo_ops.runner import run

# Of 8 GiB. What is left is for the system, for Docker, and now and then for a task.
MOST_MIB = 7_680

_MIB = 1024**2


class Service(TypedDict, total=False):
    # Bytes, as digits.
    mem_limit: str


class _Project(TypedDict):
    services: dict[str, Service]


def find_memory_trouble(environment: Environment) -> Finding | None:
    """Asks Docker Compose, which alone knows what the file means; no engine is needed for that."""
    file = environment.deployment.directory / COMPOSE_FILE
    if not file.is_file():
        return _not_checked(f"{environment.deployment.directory} has none")
    try:
        run(docker.compose_version(), what="Asking for Docker Compose")
    except (CommandFailed, MissingProgram):
        return _not_checked("Docker Compose is not on this machine")
    try:
        shown = run(_config(file), what="Reading it", env=_variables(environment), last_lines=1)
    except CommandFailed as failure:
        told = f"cannot be read by Docker Compose: {failure.hint}"
        return Finding(COMPOSE_FILE, told, f"Take the {COMPOSE_FILE} of the release.")
    return judge_limits(cast("_Project", json.loads(shown))["services"])


def judge_limits(services: Mapping[str, Service]) -> Finding | None:
    """Of services as `docker compose config` prints them, which leaves out the tasks."""
    limits = {name: int(service.get("mem_limit", 0)) for name, service in services.items()}
    unlimited = [name for name, limit in limits.items() if not limit]
    if unlimited:
        told = f"has no memory limit for {', '.join(unlimited)}"
        return Finding(COMPOSE_FILE, told, "Give each of them a mem_limit.")
    together = sum(limits.values()) / _MIB
    if together > MOST_MIB:
        told = f"has memory limits of {together:,.0f} MiB together, more than {MOST_MIB:,} MiB"
        largest = max(limits, key=lambda name: limits[name])
        return Finding(COMPOSE_FILE, told, f"Lower some; {largest} has the highest.")
    return None


def _not_checked(reason: str) -> Finding:
    told = f"was not checked for its memory limits: {reason}"
    return warning(COMPOSE_FILE, told, "Run this on the server, beside the file.")


def _config(file: Path) -> list[str]:
    """Without the .env, of which every mistake is told already."""
    return compose.config(compose.Project("menuvo", (file,), env_file=Path(os.devnull)))


def _variables(environment: Environment) -> Mapping[str, str]:
    """No limit depends on them; but what the file demands must be there."""
    demanded = dict.fromkeys(VARIABLES, "unset")
    given = {name: value for name, value in environment.for_compose().items() if value}
    return {**demanded, **given, "COMPOSE_PROFILES": ""}
