"""Base backups: a copy of the whole cluster while it runs, from which the log leads on.

It goes from the server to the bucket as it comes, and lies on this disk never. Its description is
written last: a folder without one holds no base backup.
"""

import asyncio
import fcntl
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from menuvo_backup import log
from menuvo_backup.bucket import PATIENT, Bucket, Patience
from menuvo_backup.errors import BackupError, BaseFailed, Busy, Refused, explained
from menuvo_backup.postgres import Connection, connection_to
from menuvo_backup.programs import running
from menuvo_backup.records import Content, id_of
from menuvo_backup.session import session_with
from menuvo_backup.settings import Settings
from menuvo_backup.turns import turn_of_bases
from menuvo_backup.wal.archive import BASES, Archive
from menuvo_backup.wal.parcels import Parcels
from menuvo_backup.wal.segments import read_lsn
from menuvo_backup.wal.server import Server, ask_position, ask_server
from menuvo_backup.wal.spool import Spool
from menuvo_backup.wal.status import LastBase, Memory, Trouble

DESCRIPTION = "base.json"
_FILES = "base.tar"
# What grows while it is read, and what a cluster has besides its databases.
_MORE_BYTES = 8 * 1024**3


class Base(msgspec.Struct, frozen=True):
    """The log is needed from `begin` on, and leads to any moment after `ended`, which is at `end`.
    The positions are a little further than those of PostgreSQL's own label. `history` is the
    timeline's, which a bucket's lifecycle takes long before it takes this."""

    id: str
    system: str
    timeline: int
    segment_bytes: int
    begin: int
    end: int
    began: datetime
    ended: datetime
    seconds: float
    major: int
    superuser: str
    cluster_bytes: int
    files: Content
    recipients: list[str] = []
    history: str = ""


async def back_up_base(settings: Settings, patience: Patience = PATIENT) -> Base:
    """Raises BackupError, after it was logged and remembered."""
    if settings.bucket is None:
        raise Refused("There is no bucket for a base backup.", hint="Set BACKUP_S3_BUCKET.")
    spool, memory = Spool(settings.folder), Memory(settings.folder)
    bucket = Bucket(settings.bucket, patience)
    with _alone(spool.folder), connection_to(settings.database_url) as connection:
        async with turn_of_bases(settings.folder):
            begun = _begin(memory)
            log.info("base_started")
            try:
                base = await _send(connection, bucket, Parcels(settings.keys), spool.owner())
            except asyncio.CancelledError:
                memory.forget_base()
                log.warning("base_interrupted", hint="It is made up for at the next start.")
                raise
            except Exception as raw:  # the edge of a run: whatever it is, it has to be remembered
                error = explained(raw)
                memory.keep(replace(begun, trouble=_trouble(error)))
                log.error("base_failed", cause=error.cause, hint=error.hint)
                raise error from raw
            memory.keep(replace(begun, ended=base.ended, trouble=None))
            memory.forget_gap()
            log.info("base_done", id=base.id, bytes=base.files.bytes, seconds=base.seconds)
            return base


def _begin(memory: Memory) -> LastBase:
    status, last = memory.status(), memory.last_base()
    trouble = last.trouble if last is not None else None
    if last is not None and last.ended is None and trouble is None:
        trouble = Trouble(last.began, "It was killed before it was done.", "Was memory short?")
    begun = LastBase(
        began=datetime.now(UTC),
        system=status.system if status else "",
        timeline=status.timeline if status else 0,
        series=status.series if status else 0,
        trouble=trouble,
    )
    memory.keep(begun)
    return begun


async def _send(connection: Connection, bucket: Bucket, parcels: Parcels, owner: str) -> Base:
    started = time.monotonic()
    async with session_with(connection) as session:
        server = await ask_server(session)
        before = await ask_position(session)
    archive = Archive(bucket, parcels, server.system, server.timeline)
    await archive.claim(owner, server.history.encode())
    base_id = id_of(before.at)
    folder = f"{archive.folder}/{BASES}/{base_id}"
    files = await bucket.upload_stream(
        parcels.seal(_read_cluster(connection)),
        at_most=server.bytes + _MORE_BYTES,
        to=f"{folder}/{_FILES}{parcels.suffix}",
    )
    async with session_with(connection) as session:
        still = await ask_server(session)
        after = await ask_position(session)
    _check_same(server, still)
    base = Base(
        id=base_id,
        system=server.system,
        timeline=server.timeline,
        segment_bytes=server.segment_bytes,
        begin=read_lsn(before.lsn),
        end=read_lsn(after.lsn),
        began=before.at,
        ended=after.at,
        seconds=round(time.monotonic() - started, 3),
        major=server.major,
        superuser=server.superuser,
        cluster_bytes=server.bytes,
        files=files,
        recipients=parcels.recipients,
        history=server.history,
    )
    await bucket.put(msgspec.json.encode(base), to=f"{folder}/{DESCRIPTION}")
    return base


async def _read_cluster(connection: Connection) -> AsyncGenerator[bytes]:
    """All files and their manifest as one tar, compressed; the log is archived anyway."""
    argv = ["pg_basebackup", "--pgdata=-", "--format=tar", "--wal-method=none", "--no-password"]
    argv += ["--checkpoint=fast", "--compress=client-gzip:1", f"--dbname={connection.url}"]
    async with running(argv, connection.environment) as program:
        while chunk := await program.read():
            yield chunk
    if program.failed:
        raise BaseFailed(
            f"pg_basebackup failed: {program.complaint}.",
            hint="Does pg_hba.conf let us replicate? The server's own log says more: menuvo logs "
            "postgres.",
        )


def _check_same(before: Server, after: Server) -> None:
    if (before.system, before.timeline) != (after.system, after.timeline):
        raise BaseFailed(
            "Another database was put in this one's place meanwhile.",
            hint="Nothing is lost: the next base backup is of that one.",
        )


def _trouble(error: BackupError) -> Trouble:
    return Trouble(datetime.now(UTC), error.cause, error.hint)


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    with (folder / "base.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy("A base backup is being made already.") from error
        yield
