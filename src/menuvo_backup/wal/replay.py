"""A PostgreSQL of this image's own programs that reads the log up to a moment, and is stopped
cleanly there. Nobody else reaches it, and it archives nothing: it is the original's twin."""

import asyncio
import re
import shlex
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import msgspec

from menuvo_backup import log, queries
from menuvo_backup.errors import RecoveryFailed
from menuvo_backup.postgres import Connection, environment_of_programs
from menuvo_backup.programs import Program, running
from menuvo_backup.session import session_with

# All of it fits into a container of 512 MiB.
_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "128MB",
    "maintenance_work_mem": "64MB",
    "max_connections": "10",
    "max_wal_size": "512MB",
    # A container's /dev/shm has 64 MiB.
    "dynamic_shared_memory_type": "mmap",
    "max_parallel_workers": "0",
    "jit": "off",
    "autovacuum": "off",
    "shared_preload_libraries": "",
    "archive_mode": "off",
    "archive_command": "",
    "primary_conninfo": "",
    "primary_slot_name": "",
    "wal_level": "replica",
    "synchronous_standby_names": "",
    # Nobody asks it before it has arrived, so it need not have the original's limits.
    "hot_standby": "off",
    "recovery_target_action": "promote",
    # It would ask for segments that are not needed.
    "recovery_prefetch": "off",
    # All of it is written out at the end.
    "fsync": "off",
    # Its words are ours to tell, and they stay in English.
    "lc_messages": "C",
}
_HINT = "Had the container 512 MiB and its disk room? Else try a moment before or another base."
_FATAL = re.compile(r"(?:FATAL|PANIC): +")
_STATE_LINE = 8
_LOOK_SECONDS = 0.1
_STOP_SECONDS = 120.0


class Database(msgspec.Struct, frozen=True):
    name: str
    bytes: int
    schema_head: str | None = None


class Arrived(msgspec.Struct, frozen=True):
    """`last_commit` is the last one that was read from the log."""

    recovering: bool
    timeline: int
    last_commit: datetime | None
    databases: list[Database]


@dataclass(frozen=True, slots=True)
class Target:
    """`moment` is None for the end of the log."""

    moment: datetime | None
    timeline: int
    superuser: str


@asynccontextmanager
async def replaying(
    cluster: Path, sockets: Path, fetch: Path, target: Target
) -> AsyncGenerator[tuple[Connection, Program]]:
    """Yields when it has arrived and is a server like others; whoever wants it sound stops it."""
    environment = environment_of_programs()
    settings = _prepare(cluster, sockets, fetch, target)
    argv = ["postgres", "-D", str(cluster), "-k", str(sockets)]
    argv += [f"--{name}={value}" for name, value in settings.items()]
    user, host = quote(target.superuser, safe=""), quote(str(sockets), safe="")
    connection = Connection(f"postgresql://{user}@/postgres?host={host}", environment)
    async with running(argv, environment) as server:
        try:
            await _wait_for(server, cluster)
            yield connection, server
        finally:
            # One that was stopped already is not there to hear it.
            await server.end(signal.SIGQUIT)


def _prepare(cluster: Path, sockets: Path, fetch: Path, target: Target) -> dict[str, str]:
    """What it is told, as settings of this start alone: nothing of it stays in the cluster."""
    sockets.mkdir(mode=0o700)
    (cluster / "recovery.signal").touch()
    access = sockets / "pg_hba.conf"
    _ = access.write_text("local all all trust\n")
    settings = _SETTINGS | {
        "hba_file": str(access),
        "restore_command": f"{shlex.quote(str(fetch))} %f %p",
        "recovery_target_timeline": str(target.timeline),
    }
    if target.moment is not None:
        settings["recovery_target_time"] = target.moment.astimezone(UTC).isoformat(sep=" ")
    return settings


async def _wait_for(server: Program, cluster: Path) -> None:
    """However long it takes: a week of the log is read in hours, and says nothing on its way."""
    while server.lasts:
        if _is_ready(cluster):
            return
        await asyncio.sleep(_LOOK_SECONDS)
    raise RecoveryFailed(f"PostgreSQL did not arrive there: {_reason(server)}.", hint=_HINT)


def _is_ready(cluster: Path) -> bool:
    """As pg_ctl looks: whoever tries to connect fills the server's log with refusals."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= _STATE_LINE and lines[_STATE_LINE - 1].strip() == "ready"


def _reason(server: Program) -> str:
    """What it died of stands before its last words."""
    fatal = [line for line in server.last_words.splitlines() if _FATAL.search(line)]
    return _FATAL.split(fatal[0], maxsplit=1)[-1].rstrip(".") if fatal else server.complaint


async def ask_where(connection: Connection) -> Arrived:
    async with session_with(connection) as session:
        (line,) = await session.ask(queries.RECOVERED)
    arrived = msgspec.json.decode(line, type=Arrived)
    databases = [await _with_its_head(one, connection) for one in arrived.databases]
    return msgspec.structs.replace(arrived, databases=databases)


async def _with_its_head(database: Database, connection: Connection) -> Database:
    """Whoever puts it into service has to know whether the release can live with it."""
    async with session_with(connection.to(database.name)) as session:
        heads = await session.ask(queries.SCHEMA_HEAD)
    head = msgspec.json.decode(heads[0], type=str) if heads else None
    return msgspec.structs.replace(database, schema_head=head)


async def stop_cleanly(server: Program, cluster: Path) -> None:
    """Checkpoint, end, and everything on the disk. Raises RecoveryFailed."""
    await server.end(signal.SIGINT, within=_STOP_SECONDS)
    environment = environment_of_programs() | {"LC_ALL": "C"}
    async with running(["pg_controldata", f"--pgdata={cluster}"], environment) as control:
        told = (await control.read_all()).decode()
    if not any(
        line.split() == ["Database", "cluster", "state:", "shut", "down"]
        for line in told.splitlines()
    ):
        raise RecoveryFailed("The recovered PostgreSQL did not stop cleanly.", hint=_HINT)
    argv = ["initdb", "--sync-only", f"--pgdata={cluster}"]
    async with running(argv, environment) as syncing:
        _ = await syncing.read_all()
    if syncing.failed:
        raise RecoveryFailed(f"It did not reach the disk: {syncing.complaint}.", hint=_HINT)


async def verify_files(cluster: Path) -> None:
    """By the manifest that came with them. Raises RecoveryFailed."""
    argv = ["pg_verifybackup", "--no-parse-wal", "--quiet", "--exit-on-error", str(cluster)]
    async with running(argv, environment_of_programs()) as program:
        _ = await program.read_all()
    if program.killed:
        log.warning("recover_not_verified", why="pg_verifybackup crashed; some builds of it do.")
    elif program.failed:
        raise RecoveryFailed(
            f"The base backup is not what its manifest says: {program.complaint}.",
            hint="Use a moment that another base backup leads to: menuvo-backup window.",
        )
