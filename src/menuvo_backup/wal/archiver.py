"""`archive`: receives the log and sends it to the bucket, until it is told to stop.

Receiving goes on while the bucket is away, and sending while PostgreSQL is.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec.structs import replace

from menuvo_backup import log
from menuvo_backup.bucket import Bucket, Patience
from menuvo_backup.errors import BackupError, Refused, explained
from menuvo_backup.postgres import Connection, connection_to
from menuvo_backup.settings import Settings
from menuvo_backup.wal.parcels import Parcels
from menuvo_backup.wal.receiving import receive
from menuvo_backup.wal.server import Server, beat
from menuvo_backup.wal.shipping import Shipping
from menuvo_backup.wal.spool import Line, Spool
from menuvo_backup.wal.status import Memory, Status, Trouble

# Less than that of a dump: what waits is sent with the next round.
PATIENCE = Patience(connect_seconds=10, try_seconds=60, retries=2, retry_seconds=90)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two rounds, until a beat must have been received, between two tries to
    receive, and for a last round at the end."""

    round_seconds: float = 20.0
    beat_seconds: float = 5.0
    again_seconds: float = 5.0
    farewell_seconds: float = 8.0


PACE = Pace()
_LOOK_SECONDS = 0.1


async def archive(settings: Settings, pace: Pace = PACE, patience: Patience = PATIENCE) -> None:
    """Raises Refused where there is no bucket, or another one does it already."""
    if settings.bucket is None:
        raise Refused("There is no bucket to archive the log to.", hint="Set BACKUP_S3_BUCKET.")
    spool = Spool(settings.folder)
    with spool.alone(), connection_to(settings.database_url) as connection:
        archiver = _Archiver(
            connection,
            spool,
            Memory(settings.folder),
            Bucket(settings.bucket, patience),
            Parcels(settings.keys),
            pace,
        )
        await archiver.run()


class _Archiver:
    def __init__(
        self,
        connection: Connection,
        spool: Spool,
        memory: Memory,
        bucket: Bucket,
        parcels: Parcels,
        pace: Pace,
    ) -> None:
        self._connection: Connection = connection
        self._spool: Spool = spool
        self._memory: Memory = memory
        self._bucket: Bucket = bucket
        self._parcels: Parcels = parcels
        self._pace: Pace = pace
        self._owner: str = spool.owner()
        self._shippings: dict[Line, Shipping] = {}
        self._server: Server | None = None
        self._line: Line | None = None
        self._receiving: Trouble | None = None
        self._sending: Trouble | None = None
        self._noting: Trouble | None = None
        self._before: Status | None = memory.status()
        self._status: Status = _begun(self._before)

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                _ = tasks.create_task(self._keep_receiving())
                _ = tasks.create_task(self._keep_shipping())
        finally:
            # What the server sent last is on this disk; a moment is enough to send it on.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace.farewell_seconds):
                    await self._round()
            log.info("wal_stopped", moment=self._status.moment)

    async def _keep_receiving(self) -> None:
        while True:
            try:
                await receive(self._connection, self._spool, self._memory, self._begin)
            except Exception as raw:  # noqa: BLE001 - whatever it is, it is told and tried again
                self._receiving = _told("wal_not_received", raw, self._receiving)
            await asyncio.sleep(self._pace.again_seconds)

    def _begin(self, server: Server, line: Line) -> None:
        self._server, self._line = server, line
        self._status = replace(
            self._status, system=line.system, timeline=line.timeline, series=line.series
        )

    async def _keep_shipping(self) -> None:
        while True:
            await self._beat()
            await self._round()
            await asyncio.sleep(self._pace.round_seconds)

    async def _beat(self) -> None:
        """A commit of ours, and a wait until it is received."""
        server, line = self._server, self._line
        if server is None or line is None:
            return
        try:
            sign = await beat(self._connection)
        except BackupError as error:
            self._receiving = _told("wal_not_received", error, self._receiving)
            return
        self._status = replace(self._status, retained_bytes=sign.retained)
        shipping = self._shipping(line)
        deadline = asyncio.get_running_loop().time() + self._pace.beat_seconds
        while asyncio.get_running_loop().time() < deadline:
            if shipping.reaches(sign, server.segment_bytes):
                self._receiving = None
                return
            await asyncio.sleep(_LOOK_SECONDS)

    async def _round(self) -> None:
        try:
            for line in self._spool.lines():
                await self._ship(line)
            self._sending = None
        except Exception as raw:  # noqa: BLE001 - as above
            self._sending = _told("wal_not_sent", raw, self._sending)
        self._status = replace(
            self._status,
            at=datetime.now(UTC),
            waiting_bytes=self._spool.bytes(),
            trouble=self._sending or self._receiving,
        )
        self._note()

    def _note(self) -> None:
        """Where it cannot be noted, silence tells of it; what waits is sent all the same."""
        try:
            self._memory.keep(self._status)
            self._noting = None
        except OSError as raw:
            self._noting = _told("wal_status_not_kept", raw, self._noting)

    async def _ship(self, line: Line) -> None:
        shipping = self._shipping(line)
        await shipping.ship()
        if line == self._line:
            self._status = replace(self._status, moment=shipping.shipped)
        elif self._line is not None:
            # An older series, all of which is sent.
            line.forget()
            del self._shippings[line]

    def _shipping(self, line: Line) -> Shipping:
        if line not in self._shippings:
            last = self._before
            ours = last is not None and last.is_of(line.system, line.timeline, line.series)
            shipped = last.moment if last is not None and ours else None
            self._shippings[line] = Shipping(
                line, self._bucket, self._parcels, self._owner, shipped
            )
        return self._shippings[line]


def _begun(before: Status | None) -> Status:
    now = datetime.now(UTC)
    return Status(at=now, since=now, moment=None if before is None else before.moment)


def _told(event: str, raw: Exception, before: Trouble | None) -> Trouble:
    """In the log once, however often it is tried."""
    error = explained(raw)
    if before is None or before.cause != error.cause:
        log.error(event, cause=error.cause, hint=error.hint)
    return Trouble(datetime.now(UTC), error.cause, error.hint)
