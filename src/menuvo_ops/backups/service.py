"""The program of the backup service, run in containers of the release that serves."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from menuvo_ops.backups.events import Facts, facts_of, noted
from menuvo_ops.backups.records import Backup, parse
from menuvo_ops.commands import compose, docker
from menuvo_ops.commands.compose import Project
from menuvo_ops.errors import CommandFailed, Interrupted, LockHeld, NotReady, Usage
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.telling import Noted, Tell

SERVICE = "postgres-backup"
VERIFICATION = "backup-verify"
RESTORE = "backup-restore"
_PROGRAM = "menuvo-backup"
# Of a database of some gigabytes on a slow disk, and far from forever.
_SECONDS = 6 * 3600
_BUSY, _USAGE, _STOPPED = 4, 2, {130, 143}
_OLDER = "Deploy a release that has it: menuvo deploy"


@dataclass(frozen=True)
class Service:
    stack: Stack
    project: Project
    tell: Tell
    interruption: Interruption = field(default_factory=Interruption)

    def list_json(self) -> str:
        """What it remembers; in the container that runs, or in one of its own where none does."""
        argv = [_PROGRAM, "list", "--json"]
        there = self.stack.containers(self.project.name).get(SERVICE)
        if there is not None and there.status == "running":
            return self.stack.execute(there, argv)
        return self.stack.run_task(self.project, SERVICE, argv, seconds=120)

    def list_backups(self) -> list[Backup]:
        return parse(self.list_json())

    def follow(self, service: str, *verb: str) -> list[Facts]:
        """Run it to its end in a container that is like the service's, and tell what it says.

        Only whoever holds the lock may: what an earlier run has left at work is ended first.
        Returns the events. Raises CommandFailed, LockHeld or Interrupted.
        """
        self._require(service)
        self.end_leftovers()
        heard: list[Facts] = []

        def hear(line: str) -> None:
            facts = facts_of(line)
            if facts is not None:
                heard.append(facts)
            self.tell(noted(facts) if facts is not None else Noted(line))

        what = " ".join((_PROGRAM, *verb))
        with_tasks = self.stack.with_tasks(self.project)
        code, complaint = self.stack.shell.follow(
            compose.run_instead(with_tasks, service, [_PROGRAM, *verb]),
            what=what,
            hear=hear,
            seconds=_SECONDS,
            # On a way back nothing interrupts it: then this never says that something came.
            interruption=self.interruption,
        )
        _judge(code, what, heard, complaint)
        self.interruption.check()
        return heard

    def end_leftovers(self) -> None:
        """Containers that a killed run has left at work; each cleans up when it is told to stop."""
        for service in (SERVICE, VERIFICATION, RESTORE):
            argv = docker.one_offs_of(self.project.name, service)
            for one in self.stack.shell.run(argv, what="Asking Docker").split():
                self.tell(Noted("Ending what an earlier run has left at work."))
                self.stack.shell.run(docker.stop(one), what="Ending it", seconds=120)

    def _require(self, service: str) -> None:
        with_tasks = self.stack.with_tasks(self.project)
        if service not in self.stack.config_hashes(with_tasks):
            raise NotReady(f"The release that serves has no task {service} yet.", hint=_OLDER)


def _judge(code: int, what: str, heard: Sequence[Facts], complaint: str) -> None:
    if code == 0:
        return
    if code in _STOPPED:
        raise Interrupted(f"{what} was stopped before it was done.", hint=complaint)
    if code == _BUSY:
        raise LockHeld("The backup service itself is at work.", hint=complaint)
    failed = next((one for one in reversed(heard) if one.get("level") == "error"), None)
    cause = str(failed.get("cause") or "") if failed is not None else ""
    hint = str(failed.get("hint") or "") if failed is not None else complaint
    kind = Usage if code == _USAGE and not heard else CommandFailed
    raise kind(f"{what} failed (exit code {code}). {cause}".rstrip(), hint=hint)
