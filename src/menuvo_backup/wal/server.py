"""What is asked of the live server around its write-ahead log."""

from datetime import datetime

import msgspec

from menuvo_backup import queries
from menuvo_backup.postgres import Connection
from menuvo_backup.session import Session, session_with
from menuvo_backup.statements import literal
from menuvo_backup.wal.segments import Segment, read_lsn, segment_of

SLOT = "menuvo_backup"


class Server(msgspec.Struct, frozen=True):
    """`history` is where the timeline came from, `bytes` are those of all databases, `superuser` is
    the first one's name."""

    system: str
    timeline: int
    history: str
    segment_bytes: int
    major: int
    bytes: int
    superuser: str

    def segment_at(self, lsn: int) -> Segment:
        return segment_of(self.timeline, lsn, self.segment_bytes)


class Slot(msgspec.Struct, frozen=True):
    """`restart` is what was received; the server has kept `retained` bytes since."""

    lost: bool
    restart: str | None
    retained: int | None


class Position(msgspec.Struct, frozen=True):
    at: datetime
    lsn: str


class Beat(msgspec.Struct, frozen=True):
    """A commit that is no earlier than `moment`, and ends at `lsn`."""

    moment: datetime
    lsn: int
    retained: int


async def ask_server(session: Session) -> Server:
    (line,) = await session.ask(queries.WAL_SERVER)
    return msgspec.json.decode(line, type=Server)


async def find_slot(session: Session) -> Slot | None:
    lines = await session.ask(queries.WAL_SLOT.format(slot=literal(SLOT)))
    return msgspec.json.decode(lines[0], type=Slot) if lines else None


async def free_slot(session: Session) -> None:
    await session.do(queries.FREE_SLOT.format(slot=literal(SLOT)))


async def make_slot(session: Session) -> None:
    await session.do(queries.DROP_SLOT.format(slot=literal(SLOT)))
    await session.do(queries.MAKE_SLOT.format(slot=literal(SLOT)))


async def ask_position(session: Session) -> Position:
    (line,) = await session.ask(queries.POSITION)
    return msgspec.json.decode(line, type=Position)


async def beat(connection: Connection) -> Beat:
    async with session_with(connection) as session:
        moment, _, lsn, _ = await session.ask(queries.BEAT)
        slot = await find_slot(session)
    return Beat(
        moment=msgspec.json.decode(moment, type=datetime),
        lsn=read_lsn(msgspec.json.decode(lsn, type=str)),
        retained=(slot.retained or 0) if slot is not None else 0,
    )
