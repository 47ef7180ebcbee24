"""On a server that has lost its folder, or is new: which backups the bucket has.

Their records come here, and their dumps stay there until one of them is restored.
"""

import msgspec

from menuvo_backup import log
from menuvo_backup.bucket import PATIENT, Bucket, Patience
from menuvo_backup.catalog import Catalog
from menuvo_backup.errors import BucketFailed, Refused
from menuvo_backup.records import MANIFEST, RECORD, Record, is_id
from menuvo_backup.settings import Settings


async def recall(settings: Settings, patience: Patience = PATIENT) -> list[Record]:
    """Those that were not known here. Raises Refused without a bucket, and BucketFailed after it
    was logged."""
    if settings.bucket is None:
        raise Refused("There is no bucket.", hint="Set BACKUP_S3_BUCKET and its neighbours.")
    try:
        return await _recall(Catalog(settings.folder), Bucket(settings.bucket, patience))
    except BucketFailed as error:
        log.error("recall_failed", cause=error.cause, hint=error.hint)
        raise


async def _recall(catalog: Catalog, bucket: Bucket) -> list[Record]:
    recalled: list[Record] = []
    with catalog.alone():
        known = {record.id for record in catalog.list_records()}
        for record_id in sorted(set(await bucket.list_folders()) - known):
            record = await _find_record(bucket, record_id)
            if record is not None:
                catalog.adopt(record)
                recalled.append(record)
                verified = record.verified.at if record.verified else None
                log.info("backup_recalled", id=record.id, verified=verified)
    log.info("recall_done", recalled=len(recalled), known=len(known))
    return recalled


async def _find_record(bucket: Bucket, record_id: str) -> Record | None:
    """The manifest is the record of a proved one. A folder that has neither is not whole."""
    if not is_id(record_id):
        return None
    for name in (MANIFEST, RECORD):
        written = await bucket.find(f"{record_id}/{name}")
        try:
            record = msgspec.json.decode(written, type=Record) if written else None
        except msgspec.DecodeError:
            continue
        if record is not None and record.id == record_id:
            return record
    return None
