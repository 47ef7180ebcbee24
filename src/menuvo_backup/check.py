"""Whether the bucket lets in whoever has the key: something small goes there and comes back."""

import secrets

from menuvo_backup.bucket import Bucket, Patience
from menuvo_backup.errors import BucketFailed
from menuvo_backup.settings import BucketSettings

# Somebody waits for the answer.
_PATIENCE = Patience(connect_seconds=5, try_seconds=15, retries=2, retry_seconds=30)
# The key need not be able to delete it, so it stays; the next check writes over it.
_NAME = "check"


async def check(settings: BucketSettings | None, patience: Patience = _PATIENCE) -> str | None:
    """What is wrong, in a sentence; None when nothing is."""
    if settings is None:
        return "No bucket is set: backups lie on this server alone."
    bucket, content = Bucket(settings, patience), secrets.token_bytes(64)
    try:
        await bucket.put(content, to=_NAME)
        kept = await bucket.find(_NAME)
    except BucketFailed as error:
        return str(error)
    return None if kept == content else "What is written to the bucket does not come back."
