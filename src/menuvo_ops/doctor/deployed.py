"""A deployment on this server, as it is examined."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import TypedDict, cast

from menuvo_ops.backups.records import Backup
from menuvo_ops.backups.service import Service as BackupService
from menuvo_ops.commands import docker
from menuvo_ops.commands.compose import Project
from menuvo_ops.containers.usage import bytes_of
from menuvo_ops.doctor.ground import Service, Words
from menuvo_ops.environment import Deployment, Environment, examine
from menuvo_ops.errors import NotReady, OpsError, ServiceFailed
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.containers import Container
from menuvo_ops.rollout.database import ask
from menuvo_ops.rollout.edge import Edge, find_edge
from menuvo_ops.rollout.edge import ask as ask_at
from menuvo_ops.rollout.plan import TASKS
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.stack import Stack

# The password is in a file that the container has, and in no argument.
_REDIS = 'REDISCLI_AUTH="$(cat /run/secrets/redis_password)" exec redis-cli --raw INFO "$1"'
_EDGE_SECONDS = 5
_USUAL_DATA = Path("/var/lib/docker")
_CADDY = "docker compose logs --tail 50 caddy"


class _Usage(TypedDict):
    Type: str
    Size: str


@dataclass(frozen=True)
class Deployed:
    """Raises NotReady where nothing was deployed, or no engine answers."""

    directory: Path
    is_production: bool = True

    @property
    def deployment(self) -> Deployment:
        return Deployment(self.directory)

    @property
    def stack(self) -> Stack:
        if self._refusal is not None:
            raise self._refusal
        return self._stack

    @cached_property
    def _stack(self) -> Stack:
        return Stack(self.deployment)

    @cached_property
    def _refusal(self) -> "OpsError | None":
        """Asked for once: else each look would wait for an engine that is stuck."""
        try:
            self._stack.require_engine()
        except OpsError as refusal:
            return refusal
        return None

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.directory)

    @cached_property
    def release(self) -> Release:
        current = self.archive.current()
        if current is None:
            raise NotReady("Nothing was deployed here yet.", hint="Run: menuvo deploy")
        return current

    @property
    def deploy_again(self) -> str:
        """The command that gives today's environment to the release that serves."""
        return f"menuvo deploy --version {self.release.version}"

    @cached_property
    def containers(self) -> Mapping[str, Container]:
        return self.stack.containers(self._project.name)

    @property
    def words(self) -> Words:
        return Words(
            logs="docker compose logs --tail 50",
            restart="docker compose restart",
            psql="docker compose exec postgres psql --username=menuvo --command",
            menuvo="menuvo",
            memory="docker stats --no-stream shows who has it.",
            clean_up="docker image prune --all --force --filter until=168h"
            " frees images that no container uses.",
        )

    @property
    def folders(self) -> Sequence[Path]:
        try:
            root = Path(self.stack.shell.run(docker.data_folder(), what="Asking Docker").strip())
        except OpsError:
            # A full disk may be why it does not say so.
            root = _USUAL_DATA
        return [folder for folder in (self.directory, root) if folder.is_dir()]

    def disk_consumers(self) -> Mapping[str, int]:
        printed = self.stack.shell.run(docker.disk_usage(), what="Asking Docker", seconds=120)
        used = (cast("_Usage", json.loads(line)) for line in printed.splitlines())
        return {one["Type"].lower(): bytes_of(one["Size"]) for one in used}

    def services(self) -> Sequence[Service]:
        expected = set(self.expected) - TASKS
        missing = [
            Service(name, "missing", is_well=False, restarts=0)
            for name in expected - set(self.containers)
        ]
        there = [self._service(one) for one in self.containers.values() if one.service in expected]
        return sorted([*there, *missing], key=lambda one: one.name)

    def last_words(self, service: str) -> str:
        there = self.containers.get(service)
        return self.stack.last_words(there.id).strip() if there else ""

    def ask_database(self, statement: str) -> str:
        return ask(self.stack, self.container("postgres"), statement)

    def ask_redis(self, section: str) -> str:
        argv = ["sh", "-c", _REDIS, "sh", section]
        return self.stack.execute(self.container("redis"), argv)

    def ask_edge(self, path: str) -> str:
        edge = self.edge
        if edge is None:
            raise ServiceFailed(
                "Nothing listens for guests.", hint="docker compose up --detach caddy"
            )
        try:
            status, body = ask_at(edge, "GET", path, seconds=_EDGE_SECONDS)
        except (OSError, HTTPException) as error:
            raise ServiceFailed(f"{path} is not answered: {error}", hint=_CADDY) from error
        if status != HTTPStatus.OK:
            raise ServiceFailed(f"{path} is answered {status}.", hint=_CADDY)
        return body.decode()

    def backups(self) -> Sequence[Backup]:
        return self._backups

    @cached_property
    def _backups(self) -> Sequence[Backup]:
        """Several looks are about them, and each question starts a program."""
        return self.backup_service.list_backups()

    @property
    def backup_service(self) -> BackupService:
        return BackupService(self.stack, self._project, lambda _event: None)

    def schema_of_release(self) -> str:
        return self.release.schema.head

    @cached_property
    def expected(self) -> Mapping[str, str]:
        """The hash that the container of each service has to carry."""
        return self.stack.config_hashes(self._project)

    @property
    def own_ports(self) -> "set[int]":
        """Where guests come in."""
        caddy = self.containers.get("caddy")
        return set(caddy.ports.values()) if caddy else set()

    @property
    def domain(self) -> str:
        return self.environment["DOMAIN"]

    @property
    def has_own_certificates(self) -> bool:
        """Those of Caddy's own authority, in which no browser believes."""
        return self.environment["TLS_MODE"] == "internal"

    @cached_property
    def environment(self) -> Environment:
        """What serves was given; `.env` may say otherwise by now."""
        return examine(Deployment(self.archive.folder(self.release.number)))

    @property
    def edge(self) -> "Edge | None":
        """None while nothing listens."""
        return find_edge(self.environment, self.containers.get("caddy"))

    @cached_property
    def _project(self) -> Project:
        return self.stack.project(self.archive.folder(self.release.number))

    @cached_property
    def _killed(self) -> "set[str]":
        """A container forgets it when it is started again, so the engine is asked too."""
        argv = docker.memory_kills(self._project.name, until=int(time.time()))
        return set(self.stack.shell.run(argv, what="Asking Docker").split())

    def _service(self, one: Container) -> Service:
        return Service(
            one.service,
            one.trouble,
            one.is_well,
            one.restarts,
            was_killed_for_memory=one.out_of_memory or one.service in self._killed,
            limit=one.memory_limit,
        )

    def container(self, service: str) -> Container:
        if service not in self.containers:
            raise ServiceFailed(
                f"There is no container of {service}.",
                hint=f"docker compose up --detach {service}",
            )
        return self.containers[service]
