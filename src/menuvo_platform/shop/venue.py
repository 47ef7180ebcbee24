"""The store that an address names, in the language that it names."""

from dataclasses import dataclass
from typing import cast

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.errors import NotFound
from menuvo_platform.images.addresses import Pictures, media_base
from menuvo_platform.orders.schemas import Reader
from menuvo_platform.stores import service as stores
from menuvo_platform.stores.schemas import StoreView
from menuvo_platform.translated import Translated
from menuvo_platform.web.platform import Platform


@dataclass(frozen=True, slots=True)
class Venue:
    """`media` is where browsers find pictures, as media_base says."""

    store: StoreView
    language: str
    media: str

    @property
    def name(self) -> str:
        return self.store.name

    @property
    def path(self) -> str:
        return path_of(self.store, self.language)

    @property
    def pictures(self) -> Pictures:
        return Pictures(self.media, self.store.merchant_id)

    @property
    def reader(self) -> Reader:
        return Reader(self.language, self.store.languages)

    def text(self, texts: Translated) -> str:
        """Content in the language of the address, or in the best one that there is."""
        return self.reader.text(texts)


def below_store(path: str) -> list[str]:
    """The routes of a page: in the store's first language, and in each of the others."""
    return [f"/{{slug:str}}{path}", f"/{{slug:str}}/{{language:str}}{path}"]


def path_of(store: StoreView, language: str) -> str:
    """The menu's address: the store's first language needs no name."""
    root = f"/{store.slug}"
    return root if language == store.languages[0] else f"{root}/{language}"


def venue_in(store: StoreView, language: str | None, *, media: str) -> Venue:
    """Raises NotFound for a language that the merchant does not offer."""
    if language is not None and language not in store.languages:
        raise NotFound
    return Venue(store, language or store.languages[0], media)


async def provide_venue(
    request: Request[object, object, State],
    session: NamedDependency[AsyncSession],
    platform: NamedDependency[Platform],
) -> Venue:
    """From here on the session is in the scope of the store's merchant."""
    named = cast("dict[str, str]", request.path_params)
    store = await stores.get_store_by_slug(session, named["slug"], platform.clock())
    return venue_in(store, named.get("language"), media=media_base(platform.settings))
