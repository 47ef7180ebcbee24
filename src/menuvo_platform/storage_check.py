"""Whether storage does what is asked of it: a small object is put, read and deleted in each place.

One sentence for each problem, by the name of the setting that is to be looked at.
"""

import secrets
from collections.abc import Mapping

from obstore.exceptions import BaseError

from menuvo_platform.adapters.object_stores import (
    PUBLIC,
    StorageUnavailable,
    Trouble,
    open_storage,
)
from menuvo_platform.adapters.storage import Storage
from menuvo_platform.settings import S3Settings, Settings

_SENTENCES: Mapping[Trouble, str] = {
    "unreachable": "S3_ENDPOINT: nothing answers there as an object store does. Is the address "
    "right, and does the network reach it?",
    "wrong_key": "S3_ACCESS_KEY_ID or S3_SECRET_ACCESS_KEY: the store does not know this key.",
    "denied": "{place}: the key may not read, write and delete there.",
    "no_bucket": "{place}: there is no bucket of this name at S3_ENDPOINT.",
    "wrong_region": "S3_REGION: the store wants another one for {place}.",
    "wrong_clock": "The clock of this machine is wrong, so the store refuses what it signs.",
    "other": "{place}: the store refuses a small object ({said}).",
}


async def check_storage(settings: Settings) -> list[str]:
    places = {"": "STORAGE_DIR"}
    if isinstance(settings.storage, S3Settings):
        places = {PUBLIC: "S3_BUCKET", "": "S3_FILES_BUCKET"}
    try:
        storage = open_storage(settings)
        found = [await _try_out(storage, name, prefix) for prefix, name in places.items()]
    except (OSError, BaseError) as error:
        # Of a folder: what a bucket says of an error is told in its own words.
        return [f"STORAGE_DIR: nothing can be kept there ({str(error).splitlines()[0]})."]
    # A wrong key or address is one problem, not one for each bucket.
    return list(dict.fromkeys(problem for problem in found if problem))


async def _try_out(storage: Storage, place: str, prefix: str) -> str | None:
    key, content = f"{prefix}check-{secrets.token_hex(8)}", secrets.token_bytes(64)
    try:
        await storage.put(key, content)
        try:
            kept = await storage.find(key) == content
        finally:
            await storage.delete(key)
    except StorageUnavailable as error:
        return _SENTENCES[error.trouble].format(place=place, said=error.said)
    return None if kept else f"{place}: what is written there does not come back."
