"""The program of the backup service, run in containers of the release that serves."""

from dataclasses import dataclass, field

from menuvo_ops.backups.events import Facts
from menuvo_ops.backups.following import PROGRAM, follow
from menuvo_ops.backups.records import Backup, parse
from menuvo_ops.backups.window import Window
from menuvo_ops.backups.window import parse as parse_window
from menuvo_ops.commands import compose, docker
from menuvo_ops.commands.compose import Project
from menuvo_ops.errors import NotReady, OpsError
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.telling import Noted, Tell

SERVICE = "postgres-backup"
VERIFICATION = "backup-verify"
RESTORE = "backup-restore"
RECOVERY = "backup-recover"
_OLDER = "Deploy a release that has it: menuvo deploy"


@dataclass(frozen=True)
class Service:
    stack: Stack
    project: Project
    tell: Tell
    interruption: Interruption = field(default_factory=Interruption)

    def list_json(self) -> str:
        """What it remembers."""
        return self._ask("list", "--json")

    def list_backups(self) -> list[Backup]:
        return parse(self.list_json())

    def complaints(self) -> list[str]:
        """What the service says is wrong, as its health check hears it."""
        there = self.stack.containers(self.project.name).get(SERVICE)
        if there is None or there.status != "running":
            return [f"{SERVICE} does not run, so nothing makes backups."]
        said: list[str] = []
        code, complaint = self.stack.shell.follow(
            docker.execute(there.id, [PROGRAM, "healthy"]),
            what=f"Asking {SERVICE}",
            hear=said.append,
            seconds=30,
        )
        return [] if code == 0 else said or [complaint]

    def window_json(self) -> str:
        """From when to when the archive can go back."""
        return self._ask("window", "--json")

    def window(self) -> Window:
        return parse_window(self.window_json())

    def tell_drilled(self, outcome: str) -> None:
        """The service tells the monitor, which raises an alert for one that failed or is missing.
        It is no part of the drill itself, so who does not hear of it is told and no failure."""
        there = self.stack.containers(self.project.name).get(SERVICE)
        try:
            if there is None:
                raise NotReady(f"{SERVICE} does not run.")
            self.stack.execute(there, [PROGRAM, "drilled", outcome])
        except OpsError as failure:
            told = f"The monitor does not hear of this drill. {failure.message} {failure.hint}"
            self.tell(Noted(told.strip(), is_warning=True))

    def follow(self, service: str, *verb: str) -> list[Facts]:
        """Run it to its end in a container that is like the service's, and tell what it says.

        Only whoever holds the lock may: what an earlier run has left at work is ended first.
        Returns the events. Raises CommandFailed, LockHeld or Interrupted.
        """
        self._require(service)
        self.end_leftovers()
        with_tasks = self.stack.with_tasks(self.project)
        return follow(
            self.stack.shell,
            compose.run_instead(with_tasks, service, [PROGRAM, *verb]),
            what=" ".join((PROGRAM, *verb)),
            tell=self.tell,
            interruption=self.interruption,
        )

    def end_leftovers(self) -> None:
        """Containers that a killed run has left at work; each cleans up when it is told to stop."""
        for service in (SERVICE, VERIFICATION, RESTORE, RECOVERY):
            argv = docker.one_offs_of(self.project.name, service)
            for one in self.stack.shell.run(argv, what="Asking Docker").split():
                self.tell(Noted("Ending what an earlier run has left at work."))
                self.stack.shell.run(docker.stop(one), what="Ending it", seconds=120)

    def _ask(self, *verb: str) -> str:
        """In the container that runs, or in one of its own where none does."""
        argv = [PROGRAM, *verb]
        there = self.stack.containers(self.project.name).get(SERVICE)
        if there is not None and there.status == "running":
            return self.stack.execute(there, argv)
        return self.stack.run_task(self.project, SERVICE, argv, seconds=120)

    def _require(self, service: str) -> None:
        with_tasks = self.stack.with_tasks(self.project)
        if service not in self.stack.config_hashes(with_tasks):
            raise NotReady(f"The release that serves has no task {service} yet.", hint=_OLDER)
