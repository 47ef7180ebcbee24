"""A Compose project that runs on the bed, and goes when its test ends."""

import json
import secrets
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from menuvo_ops.commands import compose, docker
from menuvo_ops.containers.containers import Container, parse, unwell
from menuvo_ops.errors import CommandFailed, ServiceFailed
from menuvo_ops.runner import run
from tests.system.bed.engine import Engine

_LAST_LINES = 40


@dataclass(frozen=True)
class RunningProject:
    engine: Engine
    project: compose.Project
    environment: Mapping[str, str] = field(default_factory=dict)

    def up(self, *services: str, seconds: int = 180) -> None:
        """Raises ServiceFailed with what the containers that are not well said last."""
        try:
            self._run(compose.up(self.project, services, seconds=seconds), "Starting the project")
        except CommandFailed as failure:
            raise ServiceFailed(failure.message, hint=self.explain(failure)) from None

    def down(self) -> None:
        self._run(compose.down(self.project), "Removing the project")

    def services(self) -> dict[str, Container]:
        return parse(self._run(compose.ps(self.project), "Asking for the services"))

    def config(self) -> dict[str, Any]:
        return json.loads(self._run(compose.config(self.project), "Reading the project"))

    def logs(self, service: str, *, lines: int = _LAST_LINES) -> str:
        return self._run(
            compose.logs(self.project, service, lines=lines), f"Reading what {service} said"
        )

    def execute(self, service: str, *argv: str) -> str:
        return self._run(compose.execute(self.project, service, argv), f"Asking in {service}")

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of the service's only container."""
        listed = self._run(compose.container_ids(self.project, service), f"Finding {service}")
        shown = self._run(docker.inspect_containers(listed.split()), f"Inspecting {service}")
        [container] = json.loads(shown)
        return container

    def pid(self, service: str) -> int:
        """Of the container's first process, as the host counts it."""
        return self.inspect(service)["State"]["Pid"]

    def explain(self, failure: CommandFailed) -> str:
        """Which containers are not well, and their last lines."""
        parts = [failure.hint]
        for one in unwell(self.services().values(), failure.hint):
            parts.append(f"--- {one.service}: {one.word}")
            parts.append(self.logs(one.service).strip())
        return "\n".join(parts)

    def _run(self, argv: Sequence[str], what: str) -> str:
        environment = {**self.engine.environment, **self.environment}
        return run(list(argv), what=what, env=environment, last_lines=None)


@contextmanager
def running_project(
    engine: Engine,
    *files: Path,
    environment: Mapping[str, str] | None = None,
    env_file: Path | None = None,
    profiles: tuple[str, ...] = (),
) -> Generator[RunningProject]:
    """A project under a name of its own; `up` starts what is wanted of it."""
    name = f"menuvo-bed-{secrets.token_hex(4)}"
    project = compose.Project(name, files, env_file=env_file, profiles=profiles)
    running = RunningProject(engine, project, environment or {})
    try:
        yield running
    finally:
        running.down()
