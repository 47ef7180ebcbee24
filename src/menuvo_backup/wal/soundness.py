"""amcheck: whether the tables and indexes of a recovered cluster are what PostgreSQL wrote."""

from typing import Literal, TypeAlias

from menuvo_backup.errors import ProgramMissing, RecoveryFailed
from menuvo_backup.postgres import Connection
from menuvo_backup.programs import running
from menuvo_backup.session import session_with
from menuvo_backup.wal.replay import Database

Amcheck: TypeAlias = Literal["passed", "skipped", "not in this image"]

_HINT = (
    "The live database may be damaged likewise: look at its disk, and dump it: menuvo-backup now."
)


async def check_soundness(connection: Connection, databases: list[Database]) -> Amcheck:
    """Raises RecoveryFailed with what is broken. The extension it needs is dropped again."""
    argv = ["pg_amcheck", "--all", "--install-missing", "--no-password", "--jobs=1"]
    argv += [f"--maintenance-db={connection.url}"]
    try:
        async with running(argv, connection.environment) as program:
            told = (await program.read_all()).decode()
    except ProgramMissing:
        return "not in this image"
    if program.failed:
        lines = [line for line in told.splitlines() if line.strip()]
        found = "; ".join(lines[:4]) or program.complaint
        raise RecoveryFailed(f"The recovered data is not sound: {found}.", hint=_HINT)
    for database in databases:
        async with session_with(connection.to(database.name)) as session:
            await session.do("DROP EXTENSION IF EXISTS amcheck;")
    return "passed"
