"""Everything a step may look at or touch while one release takes the place of another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from menuvo_ops.commands.compose import Project
from menuvo_ops.environment import Deployment, examine
from menuvo_ops.environment.values import Values
from menuvo_ops.errors import ServiceFailed
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.caddy import Caddy
from menuvo_ops.rollout.containers import Container
from menuvo_ops.rollout.edge import Edge, find_edge
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.plan import INSTANCES, Changes
from menuvo_ops.rollout.probe import Probe
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.telling import Noted, Tell


@dataclass(frozen=True)
class Options:
    soak_seconds: float = 25.0
    # How long a container may take to become healthy.
    patience_seconds: float = 90.0
    maintenance: bool = False
    repair: bool = False
    accept_stale_backup: bool = False


@dataclass
class Scene:
    """`previous` is None before the first deploy."""

    stack: Stack
    archive: Archive
    previous: Release | None
    target: Release
    changed: Changes
    options: Options
    interruption: Interruption
    tell: Tell
    probe: Probe
    # Whether the database has a schema now that the release before did not make.
    schema_ahead: bool = False
    _expected: dict[int, dict[str, str]] = field(default_factory=dict[int, "dict[str, str]"])

    def folder(self, release: Release) -> Path:
        """A release that has not been admitted yet is still the draft."""
        folder = self.archive.folder(release.number)
        return folder if folder.exists() else self.archive.draft

    def project(self, release: Release, *, apart: bool = False) -> Project:
        return self.stack.project(self.folder(release), apart=apart)

    @cached_property
    def domain(self) -> str:
        return examine(Deployment(self.folder(self.target)))["DOMAIN"]

    @cached_property
    def name(self) -> str:
        """Of the compose project."""
        return self.project(self.target).name

    def containers(self) -> dict[str, Container]:
        return self.stack.containers(self.name)

    def container(self, service: str) -> Container:
        there = self.containers()
        if service not in there:
            raise ServiceFailed(f"There is no container of {service}.")
        return there[service]

    def values(self, release: Release) -> Values:
        return examine(Deployment(self.folder(release))).values

    def edge(self, release: Release) -> Edge | None:
        """Where guests come in; None while nothing listens, or for a release without a probe."""
        environment = examine(Deployment(self.folder(release)))
        return find_edge(environment, self.containers().get("caddy"))

    def caddy(self) -> Caddy:
        return Caddy(self.stack, self.container("caddy"))

    def other_instance(self, service: str) -> str:
        return next(name for name in INSTANCES if name != service)

    def runs(self, service: str, release: Release) -> bool:
        """Whether the container of a service is the one that the release describes."""
        there = self.containers().get(service)
        if there is None or not there.is_well:
            return False
        return (
            there.config_hash == self.expected(release).get(service)
            and there.image in release.images.values()
        )

    def is_in_place(self, service: str, release: Release) -> bool:
        """Whether the container of a service is of the release, also where the two differ in
        nothing but files and secrets: then it is the target's if this rollout has made it."""
        if not self.runs(service, release):
            return False
        other = self.previous if release == self.target else self.target
        if other is None or service not in self.changed.services or not self.runs(service, other):
            return True
        under_way = self.archive.under_way()
        created = self.container(service).created
        is_new = under_way is not None and created >= under_way.opened_at[: len(created)]
        return is_new == (release == self.target)

    def expected(self, release: Release) -> dict[str, str]:
        """The hash that the container of each service has to carry; a release never changes."""
        if release.number not in self._expected:
            hashes = self.stack.config_hashes(self.project(release))
            self._expected[release.number] = hashes
        return self._expected[release.number]

    def note(self, sentence: str) -> None:
        self.tell(Noted(sentence))

    def warn(self, sentence: str) -> None:
        self.tell(Noted(sentence, is_warning=True))

    def until(self, condition: Callable[[], bool], seconds: float, *, otherwise: str) -> None:
        """Raises ServiceFailed with `otherwise` when it does not come true in time."""
        self.stack.until(condition, seconds, self.interruption, otherwise=otherwise)
