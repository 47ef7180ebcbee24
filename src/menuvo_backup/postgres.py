"""PostgreSQL's own programs: what they are told, and what they said."""

import os
import re
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, unquote

from menuvo_backup.errors import DatabaseUnusable, DumpFailed, DumpToolTooOld
from menuvo_backup.private import private_file
from menuvo_backup.programs import running
from menuvo_backup.queries import SERVER

_INHERITED = ("PATH", "LD_LIBRARY_PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
UNUSABLE = "Is postgres running, and does the secret database_owner_url hold its password?"
SERVER_SAYS_MORE = "The server's own log says more: menuvo logs postgres."


@dataclass(frozen=True, slots=True)
class Connection:
    """`url` is without its password and so may be shown."""

    url: str
    environment: Mapping[str, str]

    @property
    def database(self) -> str:
        """As libpq reads it: without a path, the database of the user's own name."""
        authority, path = _address(self.url)
        user = authority.rpartition("@")[0]
        return unquote(path or user)

    def to(self, database: str) -> "Connection":
        """The same server, another of its databases."""
        scheme, _, rest = self.url.partition("://")
        authority, _ = _address(self.url)
        _, mark, query = rest.partition("?")
        name = quote(database, safe="")
        return Connection(f"{scheme}://{authority}/{name}{mark}{query}", self.environment)


@dataclass(frozen=True, slots=True)
class Server:
    major: int
    version: str
    database_bytes: int


@contextmanager
def connection_to(database_url: str) -> Generator[Connection]:
    url, password = without_password(database_url)
    escaped = password.replace("\\", "\\\\").replace(":", "\\:")
    with private_file(f"*:*:*:*:{escaped}\n") as passwords:
        yield Connection(url, environment_of_programs() | {"PGPASSFILE": str(passwords)})


def environment_of_programs() -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return inherited | {"PGCONNECT_TIMEOUT": "15", "PGAPPNAME": "menuvo-backup"}


def _address(url: str) -> tuple[str, str]:
    """Who and where, and the path."""
    authority, _, path = url.partition("://")[2].partition("?")[0].partition("/")
    return authority, path


def without_password(database_url: str) -> tuple[str, str]:
    """The URL without it, and the password, which may stand before the host or in the query."""
    scheme, _, rest = database_url.partition("://")
    rest, mark, query = rest.partition("?")
    authority, slash, path = rest.partition("/")
    who, at, hosts = authority.rpartition("@")
    user, _, password = who.partition(":")
    kept = [pair for pair in query.split("&") if not pair.startswith("password=")]
    for pair in query.split("&"):
        if pair.startswith("password="):
            password = pair.removeprefix("password=")
    mark = mark if any(kept) else ""
    return f"{scheme}://{user}{at}{hosts}{slash}{path}{mark}{'&'.join(kept)}", unquote(password)


async def ask_server(connection: Connection) -> Server:
    argv = ["psql", "--no-psqlrc", "--no-align", "--tuples-only", "--no-password", "--quiet"]
    argv += [f"--dbname={connection.url}", "--command", SERVER]
    async with running(argv, connection.environment) as program:
        answer = await program.read_all()
    if program.failed:
        raise DatabaseUnusable(
            f"The database could not be asked: {program.complaint}.", hint=UNUSABLE
        )
    major, version, size = answer.decode().strip().split("|")
    return Server(int(major) // 10_000, version, int(size))


async def check_dump_tool(connection: Connection, server: Server) -> None:
    """An older pg_dump refuses by itself, but only says so in its own words."""
    async with running(["pg_dump", "--version"], connection.environment) as program:
        banner = (await program.read_all()).decode()
    found = re.search(r"\(PostgreSQL\) (\d+)", banner)
    if found is None:
        raise DumpFailed(f"pg_dump does not say its version: {program.complaint or banner!r}.")
    if int(found[1]) < server.major:
        raise DumpToolTooOld(
            f"pg_dump is of version {found[1]}, and the server of version {server.major}.",
            hint="Build the backup image from the server's own image (POSTGRES_IMAGE).",
        )


async def dump_globals(connection: Connection) -> AsyncGenerator[bytes]:
    """Roles and their rights, without passwords: those are in the secrets, not in a bucket.
    Raises DumpFailed."""
    argv = ["pg_dumpall", "--globals-only", "--no-role-passwords", "--no-password"]
    async with running([*argv, f"--dbname={connection.url}"], connection.environment) as program:
        while chunk := await program.read():
            yield chunk
    if program.failed:
        raise DumpFailed(f"pg_dumpall failed: {program.complaint}.", hint=SERVER_SAYS_MORE)
