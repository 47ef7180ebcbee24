"""What runs here, and what asks it: the stack as its supervisor runs it, its database, and the
backup's program with PostgreSQL's own beside it."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from menuvo_ops.backups.events import Facts
from menuvo_ops.backups.following import PROGRAM, follow
from menuvo_ops.backups.records import Backup, parse
from menuvo_ops.backups.service import VERIFICATION
from menuvo_ops.commands import postgres, process
from menuvo_ops.errors import MissingProgram, NotReady
from menuvo_ops.local import binaries
from menuvo_ops.local.binaries import Binaries
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.ports import remembered_ports
from menuvo_ops.local.postgres import DATABASE, OWNER, find_cluster
from menuvo_ops.local.programs import of_this_environment, provide_programs
from menuvo_ops.local.report import Report
from menuvo_ops.local.stack import Address, Stack
from menuvo_ops.local.unprivileged import identity
from menuvo_ops.operations.embedded.report import report
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.shell import Shell
from menuvo_ops.rollout.telling import Tell
from menuvo_ops.runner import run

_POSTGRES = ("pg_dump", "pg_dumpall", "pg_restore", "psql")
_INHERITED = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ")


def nothing_tells(_event: object) -> None:
    pass


@dataclass(frozen=True)
class Ground:
    """Of one clone. `kept` are open files that what we start keeps too."""

    clone: Clone
    tell: Tell = nothing_tells
    interruption: Interruption = field(default_factory=Interruption)
    kept: tuple[int, ...] = ()

    @property
    def is_bare(self) -> bool:
        """Nothing ran here yet, or its data were deleted and no backup is left."""
        return find_cluster(self.clone.postgres / "data") is None and not any(
            self.clone.backups.glob("*Z/record.json")
        )

    def require_running(self) -> Report:
        """Raises NotReady."""
        told = report(self.clone)
        if told["state"] in {"running", "degraded"}:
            return told
        if told["state"] == "stopped":
            raise NotReady("Menuvo is not running here.", hint="Start it: ./menuvo up --detach")
        raise NotReady(f"Menuvo is {told['state']}.", hint="Try again when ./menuvo status is calm")

    @cached_property
    def stack(self) -> Stack:
        """Raises NotReady while nothing runs."""
        told = self.require_running()
        address = urlsplit(told["base_url"] or "")
        return Stack(
            clone=self.clone,
            programs=provide_programs(self.clone, nothing_tells),
            ports=remembered_ports(self.clone.ports),
            address=Address("127.0.0.1", address.hostname or "localhost", address.port or 80),
            release=told["release"] or "unknown",
        )

    def ask(self, statement: str, *, database: str = DATABASE) -> str:
        """What the database answers its owner. Raises CommandFailed."""
        server = self.stack.postgres_server
        programs = self.stack.programs.postgres
        return run(
            postgres.ask(programs.bindir, port=server.port, role=OWNER, database=database),
            what="Asking the database",
            stdin=statement,
            env={**programs.env, "PGPASSWORD": server.password},
        ).strip()

    @property
    def shell(self) -> Shell:
        return Shell(dict(os.environ), self.kept)

    def list_json(self) -> str:
        """Needs nothing that runs."""
        if not self.clone.backups.is_dir():
            return "[]"
        shell = Shell(self._environment(), self.kept)
        return shell.run(self._argv("list", "--json"), what="Asking for the backups")

    def list_backups(self) -> list[Backup]:
        return parse(self.list_json())

    def follow(self, service: str, *verb: str) -> list[Facts]:
        """As the containers' service does. Raises CommandFailed, LockHeld or Interrupted."""
        programs = self._postgres()
        database = {} if service == VERIFICATION else self._database()
        self._provide_folder()
        return follow(
            Shell(self._environment(programs) | database, self.kept),
            self._argv(*verb),
            what=f"{PROGRAM} {' '.join(verb)}",
            tell=self.tell,
            interruption=self.interruption,
        )

    def _argv(self, *verb: str) -> list[str]:
        """It makes a cluster for a trial, so it is whoever may run PostgreSQL; and told to stop
        when we die, it leaves nothing half."""
        argv = [str(of_this_environment(PROGRAM)), *verb]
        return identity().run_as(process.tethered(argv, "TERM"))

    def _environment(self, programs: Binaries | None = None) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        environment = {**inherited, "BACKUP_DIR": str(self.clone.backups)}
        if programs is not None:
            path = f"{programs.bindir}:{inherited.get('PATH', os.defpath)}"
            environment |= {**programs.env, "PATH": path}
        return environment

    def _database(self) -> dict[str, str]:
        return {"DATABASE_URL": self.stack.postgres_server.url()}

    def _postgres(self) -> Binaries:
        """Raises MissingProgram: some systems have the server's programs without the client's."""
        cluster = find_cluster(self.clone.postgres / "data")
        found = binaries.provide(self.clone.packages, nothing_tells, cluster=cluster)
        _require(_POSTGRES, f"{found.bindir}:{os.environ.get('PATH', os.defpath)}")
        return found

    def _provide_folder(self) -> None:
        if not self.clone.backups.is_dir():
            self.clone.backups.mkdir(mode=0o700, parents=True)
            identity().own(self.clone.backups)


def _require(programs: Sequence[str], path: str) -> None:
    missing = [name for name in programs if shutil.which(name, path=path) is None]
    if missing:
        raise MissingProgram(
            f"PostgreSQL is here without its {', '.join(missing)}.",
            hint="Install PostgreSQL's client programs of the same version.",
        )
