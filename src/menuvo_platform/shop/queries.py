"""What the Shop reads across stores and slices."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import msgspec
from sqlalchemy import UUID, BigInteger, Text, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.schema import NAME_ORDER

_revisions = func.menu_revisions(bindparam("store_ids", type_=ARRAY(UUID()))).table_valued(
    column("store_id", UUID()), column("revision", BigInteger())
)
_public_stores = func.list_public_stores().table_valued(
    column("slug", Text()), column("name", Text()), column("city", Text())
)


@dataclass(frozen=True, slots=True)
class PublicStore:
    slug: str
    name: str
    city: str

    @property
    def path(self) -> str:
        return f"/{self.slug}"


async def menu_revisions(
    session: AsyncSession, store_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, int]:
    """The revisions of menus, of whichever merchants."""
    found = await session.execute(
        select(_revisions.c.store_id, _revisions.c.revision), {"store_ids": list(store_ids)}
    )
    return dict(cast("Sequence[tuple[uuid.UUID, int]]", found.all()))


async def list_public_stores(session: AsyncSession) -> list[PublicStore]:
    """All active stores, of whichever merchants, by name."""
    stores = _public_stores.c
    statement = select(stores.slug, stores.name, stores.city).order_by(
        stores.name.collate(NAME_ORDER), stores.slug
    )
    found = await session.execute(statement)
    return msgspec.convert(found.mappings().all(), list[PublicStore])
