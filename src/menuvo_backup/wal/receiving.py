"""pg_receivewal, kept at the server's log: it writes what the server does, as it does."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from menuvo_backup import log
from menuvo_backup.errors import ReceiverFailed
from menuvo_backup.postgres import Connection
from menuvo_backup.programs import running
from menuvo_backup.session import Session, session_with
from menuvo_backup.wal.segments import read_lsn, segment_named
from menuvo_backup.wal.server import SLOT, Server, Slot, ask_server, find_slot, free_slot, make_slot
from menuvo_backup.wal.spool import Line, Spool
from menuvo_backup.wal.status import Gap, Memory

_LOOK_SECONDS = 0.5
_NOT_LET_IN = (
    "PostgreSQL was started before its pg_hba.conf let us replicate. Restart it: menuvo deploy "
    "--maintenance."
)
_HINT = "Is postgres well? It is tried again by itself; menuvo logs postgres says more."


async def receive(
    connection: Connection, spool: Spool, memory: Memory, tell: Callable[[Server, Line], None]
) -> None:
    """Raises ReceiverFailed when it ends, and DatabaseUnusable when it cannot begin."""
    spool.check_room()
    async with session_with(connection) as session:
        server = await ask_server(session)
        line = await _find_where_to_go_on(session, server, spool, memory)
    tell(server, line)
    argv = ["pg_receivewal", f"--directory={line.folder}", f"--slot={SLOT}", "--no-loop"]
    argv += ["--no-password", f"--dbname={connection.url}"]

    async with running(argv, connection.environment) as program:
        log.info("wal_receiving", system=server.system, timeline=server.timeline, slot=SLOT)
        while program.lasts:
            await asyncio.sleep(_LOOK_SECONDS)
            spool.check_room()
    hint = _NOT_LET_IN if "pg_hba.conf" in program.complaint else _HINT
    raise ReceiverFailed(f"The log is not received: {program.complaint}.", hint=hint)


async def _find_where_to_go_on(
    session: Session, server: Server, spool: Spool, memory: Memory
) -> Line:
    """A slot of this cluster that has what we lack; else a new one, and a hole is told."""
    await free_slot(session)
    line = spool.find(server.system, server.timeline)
    slot = await find_slot(session)
    why = _why_not(slot, line, server)
    if slot is None or why:
        await make_slot(session)
    if line is not None and why:
        log.error("wal_gap", cause=why, hint="A base backup is made by itself.")
        memory.keep(Gap(at=datetime.now(UTC), cause=why))
        return spool.begin(server.system, server.timeline)
    return line or spool.begin(server.system, server.timeline)


def _why_not(slot: Slot | None, line: Line | None, server: Server) -> str:
    """Why the log cannot be gone on with, in a sentence."""
    if slot is None:
        return f"The replication slot {SLOT} is gone, and what it kept." if line else ""
    if slot.lost or slot.restart is None:
        return f"The replication slot {SLOT} was lost: the bucket was away for too long."
    newest = line.newest() if line is not None else None
    if newest is not None:
        needed = segment_named(newest, server.segment_bytes)
        if server.segment_at(read_lsn(slot.restart)).number > needed.number + 1:
            return f"The server has no more what follows {newest}, the last that was received."
    return ""
