"""The menu of a store as a page that is the same for everyone."""

import uuid
from collections.abc import Mapping, Sequence

from menuvo_platform.db.session import transaction
from menuvo_platform.shop import queries
from menuvo_platform.web.page_cache import MenuPage
from menuvo_platform.web.platform import Platform


class RenderedMenus:
    def __init__(self, platform: Platform) -> None:
        self._platform: Platform = platform

    async def load(self, slug: str, language: str | None) -> MenuPage | None:
        del slug, language
        return None

    async def revisions(self, store_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
        async with transaction(self._platform.sessions) as session:
            return await queries.menu_revisions(session, store_ids)
