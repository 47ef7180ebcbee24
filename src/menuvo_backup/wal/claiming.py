"""`claim`: the operator says that we are the one who archives here."""

from menuvo_backup import log
from menuvo_backup.bucket import PATIENT, Bucket, Patience
from menuvo_backup.errors import Refused
from menuvo_backup.postgres import connection_to
from menuvo_backup.session import session_with
from menuvo_backup.settings import Settings
from menuvo_backup.wal.archive import Archive
from menuvo_backup.wal.parcels import Parcels
from menuvo_backup.wal.server import ask_server
from menuvo_backup.wal.spool import Spool


async def claim(settings: Settings, patience: Patience = PATIENT) -> None:
    """Raises BackupError. Segments that differ are refused all the same."""
    if settings.bucket is None:
        raise Refused("There is no bucket to archive the log to.", hint="Set BACKUP_S3_BUCKET.")
    with connection_to(settings.database_url) as connection:
        async with session_with(connection) as session:
            server = await ask_server(session)
    bucket, parcels = Bucket(settings.bucket, patience), Parcels(settings.keys)
    archive = Archive(bucket, parcels, server.system, server.timeline)
    owner = Spool(settings.folder).owner()
    await archive.claim(owner, server.history.encode(), by_force=True)
    log.info("wal_claimed", system=server.system, timeline=server.timeline)
