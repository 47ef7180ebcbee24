"""What is in a database, as far as a restored one must have the same."""

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

import msgspec

from menuvo_backup import queries
from menuvo_backup.errors import DatabaseUnusable
from menuvo_backup.postgres import Connection
from menuvo_backup.session import Session, session_with

Provider: TypeAlias = Literal["libc", "icu", "builtin"]
_T = TypeVar("_T")


class Setting(msgspec.Struct, frozen=True):
    """`ALTER DATABASE ... SET`, or `ALTER ROLE ... IN DATABASE ... SET` where there is a role.
    Roles are quoted as SQL wants them."""

    role: str | None
    name: str
    value: str


class Grant(msgspec.Struct, frozen=True):
    """Without a role it is everybody's. `right` is CONNECT, CREATE or TEMPORARY."""

    role: str | None
    right: str
    grantable: bool


class Database(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a dump leaves out of itself. `grants` is None where nobody changed the usual ones.

    `superuser` is the role with which the cluster was made."""

    name: str
    owner: str
    bytes: int
    encoding: str
    provider: Provider
    collate: str
    ctype: str
    superuser: str
    locale: str | None = None
    icu_rules: str | None = None
    settings: list[Setting] = []
    grants: list[Grant] | None = None


class Sequence(msgspec.Struct, frozen=True):
    """`last` is None before the first use; `reached` is the furthest value in its column."""

    ascends: bool
    last: int | None
    reached: int | None

    def is_behind(self, value: int | None) -> bool:
        """Whether it would give away again what was given before that value."""
        if value is None:
            return False
        if self.last is None:
            return True
        return self.last < value if self.ascends else self.last > value


class Contents(msgspec.Struct, frozen=True):
    """`rows` and `sequences` by `schema.name`, `extensions` to their versions."""

    schema_head: str | None
    rows: dict[str, int]
    sequences: dict[str, Sequence]
    extensions: dict[str, str]
    database: Database

    @property
    def total_rows(self) -> int:
        return sum(self.rows.values())


@dataclass(frozen=True, slots=True)
class Reading:
    """`snapshot` can be given to pg_dump while the reading lasts."""

    snapshot: str
    contents: Contents


@asynccontextmanager
async def reading(connection: Connection) -> AsyncGenerator[Reading]:
    """Contents, and the snapshot they were read in. The rows are counted before the block, so
    that no migration can come between count and dump: both hold the same tables.

    Sequences are in no snapshot. They are read after it was taken, and so are not behind any row
    in it, and before the dump, which therefore has at least these values."""
    async with session_with(connection) as session:
        await session.do(queries.BEGIN_READING)
        snapshot = await _ask_one(session, queries.SNAPSHOT, str)
        yield Reading(snapshot, await _read(session))


async def read_contents(connection: Connection) -> Contents:
    async with reading(connection) as found:
        return found.contents


class _Named(msgspec.Struct, frozen=True):
    name: str


class _Rows(_Named, frozen=True):
    rows: int


class _Extension(_Named, frozen=True):
    version: str


class _Sequence(_Named, frozen=True):
    ascends: bool
    last: int | None
    reached: int | None


async def _read(session: Session) -> Contents:
    sequences = await _ask(session, queries.SEQUENCES, _Sequence)
    heads = await _ask(session, queries.SCHEMA_HEAD, str)
    return Contents(
        schema_head=heads[0] if heads else None,
        rows={one.name: one.rows for one in await _ask(session, queries.ROWS, _Rows)},
        sequences={one.name: Sequence(one.ascends, one.last, one.reached) for one in sequences},
        extensions={
            one.name: one.version for one in await _ask(session, queries.EXTENSIONS, _Extension)
        },
        database=await _ask_one(session, queries.DATABASE, Database),
    )


async def _ask(session: Session, script: str, answer: type[_T]) -> list[_T]:
    return [msgspec.json.decode(line, type=answer) for line in await session.ask(script)]


async def _ask_one(session: Session, script: str, answer: type[_T]) -> _T:
    answers = await _ask(session, script, answer)
    if not answers:
        raise DatabaseUnusable("The database does not know itself.")
    return answers[0]


def differences(expected: Contents, found: Contents) -> list[str]:
    """What a restored database has otherwise than the one that was dumped, a sentence each."""
    return [
        *_of_names("Table", expected.rows.keys(), found.rows.keys()),
        *(
            f"{table} has {found.rows[table]:,} rows instead of {rows:,}"
            for table, rows in expected.rows.items()
            if found.rows.get(table, rows) != rows
        ),
        *_of_names("Sequence", expected.sequences.keys(), found.sequences.keys()),
        *_of_sequences(expected, found),
        *_of_names("Extension", expected.extensions.keys(), found.extensions.keys()),
        *_of_facts(expected, found),
    ]


def _of_names(what: str, expected: Iterable[str], found: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {name} is missing" for name in sorted(set(expected) - set(found)))
    yield from (f"{what} {name} is one too many" for name in sorted(set(found) - set(expected)))


def _of_sequences(expected: Contents, found: Contents) -> Iterator[str]:
    for name, before in expected.sequences.items():
        after = found.sequences.get(name)
        if after is None:
            continue
        if after.is_behind(before.last):
            yield f"Sequence {name} stands at {after.last}, before {before.last}"
        elif after.is_behind(after.reached) and not before.is_behind(before.reached):
            yield f"Sequence {name} stands at {after.last}, and its column is at {after.reached}"


def _of_facts(expected: Contents, found: Contents) -> Iterator[str]:
    before, after = expected.database, found.database
    for what, was, is_ in (
        ("The schema head", expected.schema_head, found.schema_head),
        ("The encoding", before.encoding, after.encoding),
        ("The locale provider", before.provider, after.provider),
        ("The collation", before.collate, after.collate),
        ("The character type", before.ctype, after.ctype),
        ("The locale", before.locale, after.locale),
    ):
        if was != is_:
            yield f"{what} is {is_} instead of {was}"
