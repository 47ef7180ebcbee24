"""Compose commands for one run, with the words of the containers where something goes wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from menuvo_ops.commands import compose
from menuvo_ops.commands.compose import Project
from menuvo_ops.containers.containers import Container, parse, unwell
from menuvo_ops.containers.local import LocalProduction, Run
from menuvo_ops.errors import CommandFailed, ServiceFailed
from menuvo_ops.runner import run

_LAST_LINES = 12


@dataclass(frozen=True)
class Client:
    production: LocalProduction
    current: Run

    @property
    def project(self) -> Project:
        return self.production.project

    @property
    def base_url(self) -> str:
        return self.current.base_url

    def start(self, services: Sequence[str] = (), *, seconds: int) -> None:
        """Return when all are healthy; ServiceFailed says what those that are not said last."""
        try:
            self.compose(compose.up(self.project, services, seconds=seconds), what="Starting")
        except CommandFailed as failure:
            raise self._explained(failure) from failure

    def run(self, task: str) -> str:
        """Run a task of the compose file to its end."""
        try:
            return self.compose(compose.run(self.project, task), what=f"The task {task}")
        except CommandFailed as failure:
            raise ServiceFailed(failure.message, hint=failure.hint) from failure

    def containers(self) -> list[Container]:
        listed = self.compose(compose.ps(self.project), what="Asking Docker Compose")
        return list(parse(listed).values())

    def compose(self, argv: list[str], *, what: str) -> str:
        return run(argv, what=what, env=self.current.variables, last_lines=_LAST_LINES)

    def _explained(self, failure: CommandFailed) -> ServiceFailed:
        troubled = unwell(self.containers(), failure.hint)
        if not troubled:
            return ServiceFailed(failure.message, hint=failure.hint)
        names = ", ".join(container.service for container in troubled)
        told = [self._last_words(container) for container in troubled]
        return ServiceFailed(
            f"Not healthy: {names}.", hint="\n".join([*told, "Run: ./menuvo logs"])
        )

    def _last_words(self, container: Container) -> str:
        argv = compose.logs(self.project, container.service, lines=_LAST_LINES)
        said = self.compose(argv, what=f"Reading what {container.service} said").strip()
        return f"--- {container.service}: {container.word}\n{said}"
