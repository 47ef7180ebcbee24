"""Who else is at work in the database, told to a person who waits for them."""

from dataclasses import dataclass
from typing import TypedDict, cast

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

_SHOWN = (
    "SELECT pid, coalesce(nullif(application_name, ''), usename, '') AS program,"
    " coalesce(host(client_addr), 'a socket') AS address, coalesce(state, '') AS state,"
    " extract(epoch FROM clock_timestamp() - coalesce(xact_start, backend_start))::bigint"
    " AS seconds FROM pg_stat_activity"
)
_HOLDER = text(
    _SHOWN + " JOIN pg_locks USING (pid) WHERE locktype = 'advisory' AND granted"
    " AND database = datid AND datname = current_database() AND objsubid = 1"
    " AND (classid::bigint << 32) + objid::bigint = :lock"
)
_OLDEST = text(
    _SHOWN + " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND xact_start IS NOT NULL AND backend_type = 'client backend'"
    " ORDER BY xact_start LIMIT 1"
)


class _Row(TypedDict):
    pid: int
    program: str
    address: str
    state: str
    seconds: int


@dataclass(frozen=True, slots=True)
class SessionAtWork:
    pid: int
    told: str

    def __str__(self) -> str:
        return self.told


async def find_lock_holder(connection: AsyncConnection, lock: int) -> SessionAtWork | None:
    """Whoever holds that advisory lock in this database."""
    return await _find(connection, _HOLDER.bindparams(lock=lock))


async def find_oldest_transaction(connection: AsyncConnection) -> SessionAtWork | None:
    """The likeliest reason why a lock was not to be had."""
    return await _find(connection, _OLDEST)


async def _find(connection: AsyncConnection, statement: TextClause) -> SessionAtWork | None:
    async with connection.begin():
        found = (await connection.execute(statement)).mappings().first()
    if found is None:
        return None
    row = cast("_Row", cast("object", found))
    return SessionAtWork(
        pid=row["pid"],
        told=f"process {row['pid']} of PostgreSQL ({row['program']} from {row['address']},"
        f" {row['state']}, for {row['seconds']} s)",
    )
