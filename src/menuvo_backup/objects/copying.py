"""The second bucket: what it lacks is copied there after a backup, and nothing ever removed."""

from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime

from menuvo_backup import log
from menuvo_backup.bucket import Patience
from menuvo_backup.errors import BackupError, explained
from menuvo_backup.objects.carrying import carry
from menuvo_backup.objects.known import Known
from menuvo_backup.objects.stores import UNHURRIED, Object, Shelf, copies, shelves
from menuvo_backup.records import Copied
from menuvo_backup.settings import BucketSettings, ObjectsSettings


async def copy_objects(
    settings: ObjectsSettings,
    copy: BucketSettings,
    record_id: str,
    patience: Patience = UNHURRIED,
) -> Copied:
    """The backup is made already: what fails here is said, and tried again with the next one."""
    try:
        copied = await _copy(settings, copy, patience)
    except (BackupError, OSError) as raw:
        error = explained(raw)
        copied = Copied(datetime.now(UTC), 0, 0, cause=error.cause, hint=error.hint)
    facts = {"id": record_id, "count": copied.count, "bytes": copied.bytes, "left": copied.left}
    if copied.cause:
        log.warning("objects_not_copied", **facts, cause=copied.cause, hint=copied.hint)
    else:
        log.info("objects_copied", **facts)
    return copied


async def known_of(them: Mapping[str, Shelf]) -> Known:
    """Raises ObjectsFailed."""
    known = Known()
    for shelf in them.values():
        async for one in shelf.objects():
            known.add(one)
    return known


async def _copy(settings: ObjectsSettings, copy: BucketSettings, patience: Patience) -> Copied:
    origin, target = shelves(settings, patience), copies(settings, copy, patience)
    known = await known_of(target)

    async def lacking() -> AsyncGenerator[Object]:
        for shelf in origin.values():
            async for one in shelf.objects():
                if one not in known:
                    yield one

    carried = await carry(lacking(), origin, target)
    first = carried.failures[0] if carried.failures else None
    return Copied(
        at=datetime.now(UTC),
        count=carried.count,
        bytes=carried.bytes,
        left=carried.left,
        cause=first.cause if first else "",
        hint=first.hint if first else "",
    )
