"""The menu itself is served from memory; this is what is left for the framework."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Redirect

from menuvo_platform.errors import NotFound
from menuvo_platform.shop.venue import Venue


@get("/{slug:str}/{language:str}")
async def leave_first_language(venue: NamedDependency[Venue]) -> Redirect:
    """A menu has one address in each language, and the first one needs no name - until the merchant
    puts another first, so nobody may remember this."""
    if venue.language != venue.store.languages[0]:
        raise NotFound
    return Redirect(venue.path, headers={"Cache-Control": "no-store"})
