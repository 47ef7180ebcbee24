"""The names a database has around a restore, and what is there of them.

Both renames of a switch are one transaction, so nobody ever sees the name without a database. A
name that has none was left so by a person, or the server is empty.
"""

import re
from dataclasses import dataclass
from datetime import datetime

import msgspec

from menuvo_backup import log, queries
from menuvo_backup.errors import DatabaseUnusable, InUse, Refused
from menuvo_backup.postgres import Connection
from menuvo_backup.records import id_of, is_id
from menuvo_backup.session import Session, session_with
from menuvo_backup.statements import identifier, literal

# One that every cluster has, and that nobody renames.
MAINTENANCE = "postgres"
_LONGEST_NAME = 63
_FREE = re.compile(r"\s(\d+)\s+\d+%\s")


@dataclass(frozen=True, slots=True)
class Places:
    """`before` and `undone` are kept, the newest first."""

    live: str
    exists: bool
    restoring_exists: bool
    before: list[str]
    undone: list[str]

    @property
    def restoring(self) -> str:
        return f"{self.live}_restoring"

    @property
    def kept(self) -> list[str]:
        return self.before + self.undone


async def look(session: Session, live: str) -> Places:
    names = [msgspec.json.decode(line, type=str) for line in await session.ask(queries.DATABASES)]

    def kept(word: str) -> list[str]:
        start = f"{live}_{word}_"
        return sorted(
            (name for name in names if name.startswith(start) and is_id(name[len(start) :])),
            reverse=True,
        )

    return Places(
        live=live,
        exists=live in names,
        restoring_exists=f"{live}_restoring" in names,
        before=kept("before"),
        undone=kept("undone"),
    )


def before_name(live: str, moment: datetime) -> str:
    return _checked(f"{live}_before_{id_of(moment)}")


def undone_name(live: str, moment: datetime) -> str:
    return _checked(f"{live}_undone_{id_of(moment)}")


def _checked(name: str) -> str:
    """PostgreSQL would cut a longer one, and find another database under it."""
    if len(name.encode()) > _LONGEST_NAME:
        raise Refused(f"The name {name} is longer than PostgreSQL's {_LONGEST_NAME} bytes.")
    return name


async def rename(session: Session, *pairs: tuple[str, str]) -> None:
    """All of them, or none: whoever is killed in between takes the transaction along."""
    renames = "".join(
        f"ALTER DATABASE {identifier(old)} RENAME TO {identifier(new)};\n" for old, new in pairs
    )
    await session.do(f"BEGIN;\nSET LOCAL lock_timeout = '10s';\n{renames}COMMIT;")


async def put_back(session: Session, places: Places) -> None:
    """The name has no database, and one that was kept can have it."""
    await rename(session, (places.before[0], places.live))
    log.warning("restore_put_back", database=places.live, was=places.before[0])


async def drop(session: Session, name: str) -> None:
    await session.do(f"DROP DATABASE IF EXISTS {identifier(name)} WITH (FORCE);")


class _Client(msgspec.Struct, frozen=True):
    pid: int
    role: str | None
    program: str | None
    address: str | None

    @property
    def words(self) -> str:
        where = f" from {self.address}" if self.address else ""
        return f"{self.program or 'somebody'} as {self.role}{where} (pid {self.pid})"


async def refuse_while_used(session: Session, name: str) -> None:
    """Raises InUse with who is connected."""
    script = queries.CONNECTED.format(database=literal(name))
    clients = [msgspec.json.decode(line, type=_Client) for line in await session.ask(script)]
    if clients:
        raise InUse(
            f"{len(clients)} are connected to {name}: {'; '.join(one.words for one in clients)}.",
            hint="Stop them first: what they write from now on would be lost.",
        )


async def find_free_bytes(connection: Connection) -> int | None:
    """On the server's disk; None where we may not know."""
    try:
        async with session_with(connection) as session:
            lines = await session.ask(queries.FREE)
    except DatabaseUnusable:
        return None
    found = _FREE.search(lines[-1]) if lines else None
    return int(found[1]) * 1024 if found else None
