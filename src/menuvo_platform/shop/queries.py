"""What the Shop reads across stores and slices."""

import uuid
from collections.abc import Sequence
from typing import cast

from sqlalchemy import UUID, BigInteger, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

_revisions = func.menu_revisions(bindparam("store_ids", type_=ARRAY(UUID()))).table_valued(
    column("store_id", UUID()), column("revision", BigInteger())
)


async def menu_revisions(
    session: AsyncSession, store_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, int]:
    """The revisions of menus, of whichever merchants."""
    found = await session.execute(
        select(_revisions.c.store_id, _revisions.c.revision), {"store_ids": list(store_ids)}
    )
    return dict(cast("Sequence[tuple[uuid.UUID, int]]", found.all()))
