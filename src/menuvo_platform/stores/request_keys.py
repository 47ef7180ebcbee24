"""What a client sends again, because the answer was lost, has its effect once.

The client names each request with a key of its own (`Idempotency-Key`). The key is written in the
transaction of the effect, so there is never one without the other.
"""

import hashlib
import re
import uuid
from typing import ClassVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.errors import Invalid, Refused
from menuvo_platform.stores import queries

KEPT_HOURS = 48
SWEPT_AT_ONCE = 1_000

_KEY = re.compile(r"[!-~]{1,255}")


class RequestKeyInvalid(Invalid):
    code: ClassVar[str] = "request_key.invalid"


class RequestKeyUsed(Refused):
    """Under this key something else was asked for: whoever made it did not make a new one."""

    code: ClassVar[str] = "request_key.used"


async def take_request_key(
    session: AsyncSession, store_id: uuid.UUID, key: str, *request: str
) -> bool:
    """True for a new key; False for a repeat, which is to have no effect. Raises RequestKeyInvalid,
    or RequestKeyUsed when the key stands for another request.

    While the first one is still under way, here or on another instance, a repeat waits for its end.
    """
    if not _KEY.fullmatch(key):
        raise RequestKeyInvalid
    digest = hashlib.sha256(msgspec.json.encode(request)).digest()
    if await queries.insert_request_key(session, store_id, key, digest=digest):
        return True
    known = await queries.find_request_digest(session, store_id, key)
    # None when it was swept in this very moment: it was there, so it is a repeat.
    if known is not None and known != digest:
        raise RequestKeyUsed
    return False


async def sweep_request_keys(sessions: Sessions) -> int:
    """Deletes what nobody repeats any more; returns how many."""
    async with transaction(sessions) as session:
        return await queries.sweep_request_keys(
            session, kept_hours=KEPT_HOURS, at_most=SWEPT_AT_ONCE
        )
