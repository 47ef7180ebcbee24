"""Two ways to run the platform, with the same verbs: processes of this machine, or containers."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rich.markup import escape

from menuvo_ops.backups.records import Backup
from menuvo_ops.commands.server import Manner, Wish
from menuvo_ops.containers.client import Client
from menuvo_ops.containers.local import LocalProduction
from menuvo_ops.containers.report import report as report_of_containers
from menuvo_ops.errors import AlreadyRunning, NotReady, OpsError, Usage
from menuvo_ops.local import lock
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.preparation import Options
from menuvo_ops.local.report import Report
from menuvo_ops.logs.asking import Asked
from menuvo_ops.logs.containers import Containers as LogsOfContainers
from menuvo_ops.logs.files import Files
from menuvo_ops.logs.telling import tell
from menuvo_ops.operations import containers, embedded
from menuvo_ops.overview.parts import Part
from menuvo_ops.rollout.shell import Shell
from menuvo_ops.terminal import talk


class Engine(Protocol):
    """Of one clone. All but `up` ask for what runs."""

    @property
    def demo_file(self) -> Path: ...

    def up(self, options: Options, *, detach: bool) -> None: ...

    def down(self, *, delete_data: bool) -> None: ...

    def report(self) -> Report: ...

    def logs(self, asked: Asked, *, as_json: bool) -> None: ...

    def restart(self, service: str) -> None: ...

    def backups(self, wish: Wish, manner: Manner) -> int:
        """`menuvo backup` and `menuvo restore`: the exit code."""
        ...

    def list_backups(self) -> list[Backup] | None:
        """The newest first; None where they cannot be asked for."""
        ...

    def parts(self) -> list[Part]:
        """How each part of it is; empty while nothing runs."""
        ...

    def doctor(self, *, as_json: bool) -> int:
        """The exit code: 3 when something is wrong."""
        ...


@dataclass(frozen=True)
class Embedded:
    clone: Clone

    @property
    def demo_file(self) -> Path:
        return self.clone.demo

    def up(self, options: Options, *, detach: bool) -> None:
        embedded.up(self.clone, options, detach=detach)

    def down(self, *, delete_data: bool) -> None:
        embedded.down(self.clone, delete_data=delete_data)

    def report(self) -> Report:
        return embedded.report(self.clone)

    def logs(self, asked: Asked, *, as_json: bool) -> None:
        tell(Files(self.clone.logs), asked, as_json=as_json)

    def restart(self, service: str) -> None:
        embedded.restart(self.clone, service)

    def backups(self, wish: Wish, manner: Manner) -> int:
        return embedded.backups(self.clone, wish, manner)

    def list_backups(self) -> list[Backup] | None:
        try:
            return embedded.Ground(self.clone).list_backups()
        except OpsError as error:
            talk.print(escape(f"The backups cannot be asked for. {error.message} {error.hint}"))
            return None

    def parts(self) -> list[Part]:
        return embedded.parts(self.clone)

    def doctor(self, *, as_json: bool) -> int:
        return embedded.doctor(self.clone, as_json=as_json)


@dataclass(frozen=True)
class Containers:
    production: LocalProduction

    @property
    def demo_file(self) -> Path:
        return self.production.demo

    @property
    def client(self) -> Client:
        return Client(self.production, self.production.current_run())

    def up(self, options: Options, *, detach: bool) -> None:
        if options.monitoring is False:
            raise Usage(
                "Gatus and Beszel are among production's containers.",
                hint="Leave away --no-monitoring, or --engine compose.",
            )
        containers.up(self.production, options, detach=detach)

    def down(self, *, delete_data: bool) -> None:
        containers.down(self.client, delete_data=delete_data)

    def report(self) -> Report:
        return report_of_containers(self.client)

    def logs(self, asked: Asked, *, as_json: bool) -> None:
        shell = Shell({**os.environ, **self.client.current.variables})
        tell(LogsOfContainers(shell, self.production.project.name), asked, as_json=as_json)

    def restart(self, service: str) -> None:
        containers.restart(self.client, service)

    def backups(self, wish: Wish, manner: Manner) -> int:  # noqa: ARG002, as the other engine
        raise NotReady(
            f"`menuvo {wish.verb}` does not speak to the containers of `./menuvo up` yet.",
            hint="Their own service makes a backup every night. At once: docker exec "
            f"{self.production.project.name}-postgres-backup-1 menuvo-backup now",
        )

    def list_backups(self) -> list[Backup] | None:
        return None

    def parts(self) -> list[Part]:
        return []

    def doctor(self, *, as_json: bool) -> int:  # noqa: ARG002, as the other engine
        raise NotReady(
            "`menuvo doctor` does not speak to the containers of `./menuvo up` yet.",
            hint="What runs: ./menuvo status. What it says: ./menuvo logs SERVICE",
        )


def running_engine(clone: Clone) -> Engine:
    """The one that this clone runs with; the embedded one while nothing runs."""
    production = LocalProduction(clone)
    return Containers(production) if production.runs else Embedded(clone)


def engine_for_start(clone: Clone, name: str) -> Engine:
    """Raises AlreadyRunning when the clone runs with the other one."""
    production = LocalProduction(clone)
    match name:
        case "embedded":
            other, engine = production.runs, Embedded(clone)
        case "compose":
            other, engine = lock.owner(clone.lock) is not None, Containers(production)
        case _:
            raise Usage(f"There is no engine {name}.", hint="There are: embedded, compose.")
    if other:
        raise AlreadyRunning(
            "This clone runs already, with the other engine.",
            hint="Stop it first: ./menuvo down",
        )
    return engine
