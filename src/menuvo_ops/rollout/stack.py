"""The containers of one deployment folder, as a release describes them and as they are."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, TypedDict, cast

from menuvo_ops.commands import compose, docker
from menuvo_ops.commands.compose import Project
from menuvo_ops.environment import Deployment
from menuvo_ops.environment.dotenv import parse as parse_environment
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.errors import CommandFailed, NotReady, ServiceFailed
from menuvo_ops.rollout import containers
from menuvo_ops.rollout.containers import Container
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.shell import Shell

COMPOSE_FILE = "docker-compose.yml"
# The operator's own additions; Compose by hand reads it too.
OVERRIDE_FILE = "docker-compose.override.yml"
_PROJECT_NAME = "COMPOSE_PROJECT_NAME"
_LAST_LINES = 15
_PAUSE = 0.3
# It answers within one; it may be busy with an image.
_ANSWERING_SECONDS = 30
# A worker may take two minutes to finish what it has in hand.
_STOPPING_SECONDS = 240


class _Inspected(TypedDict):
    Id: str
    Architecture: str
    RepoDigests: list[str]


class _Service(TypedDict):
    image: str


class _Config(TypedDict):
    services: dict[str, _Service]


@dataclass(frozen=True)
class Image:
    """`digests` are how registries know it: `repository@sha256:...`."""

    id: str
    architecture: str
    digests: tuple[str, ...]


@dataclass(frozen=True)
class Stack:
    deployment: Deployment

    @property
    def directory(self) -> Path:
        return self.deployment.directory

    @cached_property
    def shell(self) -> Shell:
        return Shell(_plain_environment(os.environ))

    def project(self, release: Path, *, apart: bool = False) -> Project:
        """The compose project of a release.

        What goes into service finds its files in the deployment's folder, whichever release it is
        of; `apart` it finds them in the release's own, to be tried before anything is replaced.
        """
        files = [release / COMPOSE_FILE]
        if (release / OVERRIDE_FILE).is_file():
            files.append(release / OVERRIDE_FILE)
        return Project(
            name=project_name(release / ".env"),
            files=tuple(files),
            env_file=release / ".env",
            profiles=("tasks",) if apart else (),
            directory=release if apart else self.directory,
        )

    def with_tasks(self, project: Project) -> Project:
        """The same one, and its tasks too: with the deployment's own files, as what serves has."""
        return replace(project, profiles=("tasks",))

    def containers(self, name: str, *, tries: int = 3) -> dict[str, Container]:
        """By service; tasks are none. Where one is replaced meanwhile all are asked for again."""
        ids = self.shell.run(docker.containers_of(name), what="Asking Docker").split()
        if not ids:
            return {}
        try:
            shown = self.shell.run(docker.inspect_containers(ids), what="Asking Docker")
        except CommandFailed as failure:
            if tries == 1 or "no such container" not in failure.hint.lower():
                raise
            return self.containers(name, tries=tries - 1)
        return containers.parse(shown)

    def start(
        self,
        project: Project,
        services: Sequence[str],
        *,
        seconds: float,
        interruption: Interruption,
        anew: bool = False,
    ) -> None:
        """Replace the containers of these services; return when they are healthy. `anew`: also
        those that are described as they were, whose files or secrets are others.

        Raises ServiceFailed with the last words of those that are not, or that started twice.
        """
        names = ", ".join(services)
        argv = compose.replace(project, services, anew=anew)
        self.shell.run(argv, what=f"Starting {names}", seconds=_STOPPING_SECONDS)
        deadline = time.monotonic() + seconds
        restarts: dict[str, int] = {}
        while True:
            there = self.containers(project.name)
            for one in there.values():
                restarts.setdefault(one.id, one.restarts)
            states = [_state(there.get(service), restarts) for service in services]
            if all(state == "well" for state in states):
                return
            if "lost" in states or time.monotonic() > deadline:
                troubled = [
                    name for name, state in zip(services, states, strict=True) if state != "well"
                ]
                raise self._unwell(there, troubled, seconds)
            interruption.pause(_PAUSE)

    def until(
        self,
        condition: Callable[[], bool],
        seconds: float,
        interruption: Interruption,
        *,
        otherwise: str,
    ) -> None:
        """Raises ServiceFailed with `otherwise` when it does not come true in time."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise ServiceFailed(otherwise)
            interruption.pause(_PAUSE)

    def run_task(
        self,
        project: Project,
        service: str,
        argv: Sequence[str],
        *,
        seconds: float,
        interruption: Interruption | None = None,
    ) -> str:
        """Run a program to its end in a container that is like the service's."""
        command = compose.run_instead(project, service, argv)
        what = f"{argv[0]} {argv[1]}"
        return self.shell.run(command, what=what, seconds=seconds, interruption=interruption)

    def execute(self, container: Container, argv: Sequence[str], *, seconds: float = 30) -> str:
        what = f"Asking {container.service}"
        return self.shell.run(docker.execute(container.id, argv), what=what, seconds=seconds)

    def execute_typed(self, container: Container, argv: Sequence[str], typed: str) -> str:
        what = f"Asking {container.service}"
        return self.shell.run(docker.execute_typed(container.id, argv), what=what, typed=typed)

    def last_words(self, container: str) -> str:
        return self.shell.output(docker.logs(container, lines=_LAST_LINES))

    def image(self, reference: str) -> Image | None:
        """None when it is not here."""
        try:
            shown = self.shell.run(docker.inspect_image(reference), what="Asking for an image")
        except CommandFailed as failure:
            if "no such image" in failure.hint.lower():
                return None
            raise
        [image] = cast("list[_Inspected]", json.loads(shown))
        return Image(image["Id"], image["Architecture"], tuple(image["RepoDigests"]))

    def require_engine(self) -> None:
        """Raises NotReady at once: what has not begun need not wait for an engine to return."""
        process = self.shell.start(docker.server_version())
        try:
            _, complaint = process.communicate(timeout=_ANSWERING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise NotReady(
                "No Docker engine answers.",
                hint=f"It was asked for its version, and said nothing for {_ANSWERING_SECONDS} s."
                " On a server of `menuvo server setup` containers outlive its restart:"
                " sudo systemctl restart docker",
            ) from None
        if process.returncode != 0:
            denied = "permission denied" in complaint.lower()
            remedy = "Run this as a user in the group docker." if denied else "Is Docker running?"
            raise NotReady("No Docker engine answers.", hint=f"{complaint.strip()}\n{remedy}")

    def config(self, project: Project) -> str:
        """The whole compose file with everything put in, as JSON."""
        return self.shell.run(compose.config(project), what="Reading the compose file")

    def image_of(self, project: Project, service: str) -> str:
        """What its containers are made of."""
        config = cast("_Config", json.loads(self.config(project)))
        return config["services"][service]["image"]

    def image_references(self, project: Project) -> list[str]:
        """Of everything in the compose file."""
        shown = self.shell.run(compose.config_images(project), what="Reading the compose file")
        return sorted(set(shown.split()))

    def config_hashes(self, project: Project) -> dict[str, str]:
        """By service, as its container has to carry it."""
        shown = self.shell.run(compose.config_hashes(project), what="Reading the compose file")
        return dict(_pair(line) for line in shown.splitlines())

    def _unwell(
        self, there: Mapping[str, Container], troubled: Sequence[str], seconds: float
    ) -> ServiceFailed:
        told = [
            f"--- {name}: {there[name].trouble}\n{self.last_words(there[name].id)}"
            for name in troubled
            if name in there
        ]
        return ServiceFailed(
            f"{', '.join(troubled)}: not healthy within {seconds:.0f} s.", hint="\n".join(told)
        )


def _state(
    container: Container | None, restarts: Mapping[str, int]
) -> Literal["well", "waiting", "lost"]:
    """One that started again by itself since we look will do so again."""
    if container is None or container.status in {"exited", "dead", "restarting"}:
        return "lost"
    if container.restarts > restarts[container.id] or container.health == "unhealthy":
        return "lost"
    return "well" if container.is_well else "waiting"


def project_name(env_file: Path) -> str:
    """As Compose finds it: in the environment of the deployment, else the name in the file."""
    for assignment in parse_environment(env_file.read_text()).assignments:
        if assignment.name == _PROJECT_NAME and assignment.value:
            return assignment.value.reveal()
    return "menuvo"


def _plain_environment(shell: Mapping[str, str]) -> dict[str, str]:
    """Without what would win over the deployment's own `.env`."""
    ours = {*VARIABLES, "PUBLIC_URL", "SECRETS_DIR", "STATE_DIR", "HTTP_PORT", "HTTPS_PORT"}
    return {
        name: value
        for name, value in shell.items()
        if name not in ours and not name.startswith("COMPOSE_") and not name.endswith("_IMAGE")
    }


def _pair(line: str) -> tuple[str, str]:
    name, hashed = line.split()
    return name, hashed
