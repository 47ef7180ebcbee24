"""A PostgreSQL of this image's own programs for some minutes: nobody else reaches it, and nothing
in it has to survive."""

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from menuvo_backup.errors import ThrowawayFailed
from menuvo_backup.postgres import Connection, environment_of_programs
from menuvo_backup.programs import Program, running
from menuvo_backup.scratch import CLUSTER, socket_folder

# All of it, with two connections that build indexes, fits into a container of 512 MiB.
_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "64MB",
    "maintenance_work_mem": "64MB",
    "max_connections": "10",
    "max_locks_per_transaction": "256",
    "max_wal_size": "256MB",
    # A container's /dev/shm has 64 MiB.
    "dynamic_shared_memory_type": "mmap",
    "max_parallel_workers": "0",
    "max_parallel_maintenance_workers": "0",
    "jit": "off",
    "autovacuum": "off",
    # It is thrown away, and a power cut only makes that sooner.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Its words are ours to tell, and they stay in English.
    "lc_messages": "C",
}
_HINT = "Had the container 512 MiB and its disk room? Try again: menuvo-backup verify."
_START_SECONDS = 60
_LOOK_SECONDS = 0.1


@asynccontextmanager
async def throwaway(place: Path, superuser: str) -> AsyncGenerator[Connection]:
    """Its superuser is named as the one of the original, which grants of roles may mention."""
    environment = environment_of_programs()
    cluster, sockets = place / CLUSTER, socket_folder(place)
    cluster.mkdir(mode=0o700)
    sockets.mkdir(mode=0o700)
    argv = ["initdb", f"--pgdata={cluster}", f"--username={superuser}", "--auth=trust"]
    argv += ["--no-locale", "--encoding=UTF8", "--no-sync", "--no-instructions"]
    async with running(argv, environment) as program:
        _ = await program.read_all()
    if program.failed:
        raise ThrowawayFailed(
            f"The cluster to verify in was not made: {program.complaint}.", hint=_HINT
        )
    user, host = quote(superuser, safe=""), quote(str(sockets), safe="")
    connection = Connection(f"postgresql://{user}@/postgres?host={host}", environment)
    settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
    argv = ["postgres", "-D", str(cluster), "-k", str(sockets), *settings]
    async with running(argv, environment) as server:
        try:
            await _wait_for(server, connection)
            yield connection
        finally:
            # At once, without a checkpoint.
            await server.end(signal.SIGQUIT)


async def _wait_for(server: Program, connection: Connection) -> None:
    argv = ["pg_isready", "--quiet", f"--dbname={connection.url}"]
    deadline = asyncio.get_running_loop().time() + _START_SECONDS
    while server.lasts and asyncio.get_running_loop().time() < deadline:
        async with running(argv, connection.environment) as asking:
            _ = await asking.read_all()
        if not asking.failed:
            return
        await asyncio.sleep(_LOOK_SECONDS)
    raise ThrowawayFailed(
        f"The PostgreSQL to verify in did not start: {server.complaint}.", hint=_HINT
    )
