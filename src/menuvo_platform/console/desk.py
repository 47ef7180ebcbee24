"""What the pages of a store work with: who asks, for which store, in which transaction."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from litestar import Response
from litestar.di import NamedDependency
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.accounts.roles import Right
from menuvo_platform.console.access import Access
from menuvo_platform.console.frame import store_address, store_frame
from menuvo_platform.stores.schemas import Announce, StoreView
from menuvo_platform.web.catalogue import Catalogue
from menuvo_platform.web.platform import Platform
from menuvo_platform.web.rendering import Renderer


@dataclass(frozen=True, slots=True)
class Desk:
    platform: Platform
    renderer: Renderer
    access: Access
    session: AsyncSession
    now: datetime

    @property
    def store(self) -> StoreView:
        return self.access.store

    @property
    def user_id(self) -> uuid.UUID:
        return self.access.signed_in.person.user_id

    @property
    def language(self) -> str:
        return self.access.language

    @property
    def catalogue(self) -> Catalogue:
        return self.renderer.catalogue(self.language)

    @property
    def announce(self) -> Announce:
        return self.platform.feed.announce

    def may(self, right: Right) -> bool:
        return self.access.may(right)

    def page(
        self, here: str, template: str, *, status: int = 200, **context: object
    ) -> Response[str]:
        """A page of the store; `here` is its place in the rail."""
        return self.renderer.page(
            f"console/{template}",
            self.language,
            status=status,
            headers=None,
            frame=store_frame(self.access, here),
            base=store_address(self.access),
            store=self.store,
            csrf_token=self.access.signed_in.csrf,
            **context,
        )

    def go_to(self, path: str) -> Redirect:
        """To another page of the store, after something was changed."""
        return Redirect(f"{store_address(self.access)}{path}", status_code=303)


def provide_desk(
    platform: NamedDependency[Platform],
    renderer: NamedDependency[Renderer],
    access: NamedDependency[Access],
    session: NamedDependency[AsyncSession],
) -> Desk:
    return Desk(platform, renderer, access, session, platform.clock())
