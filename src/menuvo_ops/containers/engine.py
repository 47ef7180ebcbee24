"""Whether this machine can run containers, asked before anything is made."""

import re

from menuvo_ops.commands import docker
from menuvo_ops.errors import CommandFailed, MissingProgram
from menuvo_ops.runner import run

# `start_interval` of health checks came with 25, a folder of a volume as a mount with 26.
OLDEST_ENGINE = 26
# `subpath` of volumes.
OLDEST_COMPOSE = (2, 26)

_INSTALL = "Install Docker with its compose and buildx plugins, or leave out --engine compose."


def require_engine() -> None:
    """Raises MissingProgram with what to do."""
    try:
        server = run(docker.server_version(), what="Asking Docker").strip()
    except CommandFailed as failure:
        raise MissingProgram(
            "No Docker engine answers.", hint=f"{failure.hint}\n{_what_to_do(failure.hint)}"
        ) from failure
    except MissingProgram as missing:
        raise MissingProgram("Docker is not on this machine.", hint=_INSTALL) from missing
    if _numbers(server)[:1] < (OLDEST_ENGINE,):
        raise MissingProgram(
            f"Docker {server} is too old; {OLDEST_ENGINE} or newer is needed.",
            hint="Update Docker and run this again.",
        )
    _require_plugins()


def _require_plugins() -> None:
    try:
        compose = run(docker.compose_version(), what="Asking for Docker Compose").strip()
        run(docker.buildx_version(), what="Asking for Docker Buildx")
    except CommandFailed as failure:
        raise MissingProgram(failure.message, hint=_INSTALL) from failure
    if _numbers(compose) < OLDEST_COMPOSE:
        oldest = ".".join(map(str, OLDEST_COMPOSE))
        raise MissingProgram(
            f"Docker Compose {compose} is too old; {oldest} or newer is needed.",
            hint="Update Docker and run this again.",
        )


def _what_to_do(words: str) -> str:
    if "permission denied" in words.lower():
        return "Run this as a user who may use Docker (Linux: in the group docker)."
    return "Start Docker and run this again."


def _numbers(version: str) -> tuple[int, ...]:
    """`v2.40.3-3` is (2, 40)."""
    return tuple(map(int, re.findall(r"\d+", version)[:2]))
