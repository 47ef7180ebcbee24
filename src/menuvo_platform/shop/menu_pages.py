"""The menu of a store as a page that is the same for everyone."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from menuvo_platform.db.session import transaction
from menuvo_platform.images.addresses import media_base
from menuvo_platform.menus import service as menus
from menuvo_platform.menus.schemas import Menu
from menuvo_platform.shop import queries
from menuvo_platform.shop.menu.views import menu_view, published
from menuvo_platform.shop.opening import next_midnight
from menuvo_platform.shop.venue import Venue
from menuvo_platform.stores import service as stores
from menuvo_platform.stores.schemas import StoreView
from menuvo_platform.web.page_cache import MenuPage
from menuvo_platform.web.platform import Platform


class RenderedMenus:
    def __init__(self, platform: Platform) -> None:
        self._platform: Platform = platform

    async def load(self, slug: str, language: str | None) -> MenuPage | None:
        now = self._platform.clock()
        async with transaction(self._platform.sessions) as session:
            store = await stores.find_store_by_slug(session, slug, now)
            # The first language has no name in the address.
            if store is None or language not in (None, *store.languages[1:]):
                return None
            menu = published(await menus.read_menu(session, store.id))
        media = media_base(self._platform.settings)
        venue = Venue(store, language or store.languages[0], media)
        return MenuPage(
            html=await asyncio.to_thread(self._render, venue, menu, now),
            store_id=store.id,
            revision=store.menu_revision,
            valid_until=_valid_until(store, menu, now),
        )

    async def revisions(self, store_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
        async with transaction(self._platform.sessions) as session:
            return await queries.menu_revisions(session, store_ids)

    def _render(self, venue: Venue, menu: Menu, now: datetime) -> str:
        renderer, public_url = self._platform.renderer, self._platform.settings.public_url
        words = renderer.catalogue(venue.language)
        view = menu_view(venue, menu, now, words=words, public_url=public_url)
        return renderer.render("shop/menu.html", venue.language, venue=venue, menu=view)


def _valid_until(store: StoreView, menu: Menu, now: datetime) -> datetime | None:
    """A closed store's page says "tomorrow", which is wrong at midnight."""
    changes_at = menus.next_change(store, menu, now)
    if store.opening_at(now).open:
        return changes_at
    midnight = next_midnight(store, now)
    return min(midnight, changes_at) if changes_at else midnight
