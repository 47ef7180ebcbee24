"""Somebody at work in one of their stores: found out before the body of a request is read."""

import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.accounts.roles import Right
from menuvo_platform.accounts.schemas import Person
from menuvo_platform.console import queries
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.errors import Forbidden, NotFound
from menuvo_platform.stores.schemas import StoreView
from menuvo_platform.stores.service import StoreUnknown, get_store
from menuvo_platform.web.logins import SignedIn, platform_of, provide_signed_in
from menuvo_platform.web.platform import Platform
from menuvo_platform.web.unit_of_work import current_work

AnyRequest = Request[object, object, State]
AnyConnection = ASGIConnection[object, object, object, State]
Guard: TypeAlias = Callable[[AnyConnection, BaseRouteHandler], Awaitable[None]]

_ACCESS = "menuvo_access"


@dataclass(frozen=True, slots=True)
class Access:
    signed_in: SignedIn
    store: StoreView
    rights: frozenset[Right]

    @property
    def language(self) -> str:
        return self.signed_in.person.language

    def may(self, right: Right) -> bool:
        return right in self.rights


def needs(right: Right | None = None) -> Guard:
    """A guard for addresses with a store_id, after `login_needed`. A store of somebody else is not
    there at all; one's own in which one may not do this is Forbidden."""

    async def check(connection: AnyConnection, _: BaseRouteHandler) -> None:
        request = cast("AnyRequest", connection)
        signed_in = provide_signed_in(request)
        store_id = cast("uuid.UUID", request.path_params["store_id"])
        platform = platform_of(request)
        access = await find_access(platform.sessions, signed_in, store_id, platform.clock())
        if right is not None and not access.may(right):
            raise Forbidden
        cast("dict[str, object]", request.scope["state"])[_ACCESS] = access

    return check


async def find_access(
    sessions: Sessions, signed_in: SignedIn, store_id: uuid.UUID, now: datetime
) -> Access:
    """Raises NotFound unless the store is one that the person works in."""
    for merchant_id in merchants_of(signed_in.person):
        rights = signed_in.person.rights_in(merchant_id, store_id)
        if rights:
            with suppress(StoreUnknown):
                async with transaction(sessions, merchant_id) as session:
                    return Access(signed_in, await get_store(session, store_id, now), rights)
    raise NotFound


async def list_stores(sessions: Sessions, person: Person, now: datetime) -> list[StoreView]:
    """All stores that the person works in, whoever's they are."""
    stores: list[StoreView] = []
    for merchant_id in merchants_of(person):
        async with transaction(sessions, merchant_id) as session:
            stores += [
                await get_store(session, store_id, now)
                for store_id in await queries.list_store_ids(session)
                if person.rights_in(merchant_id, store_id)
            ]
    return stores


def merchants_of(person: Person) -> list[uuid.UUID]:
    return list(dict.fromkeys(membership.merchant_id for membership in person.memberships))


def provide_access(request: AnyRequest) -> Access:
    """What the guard has found."""
    return cast("Access", request.scope["state"][_ACCESS])


async def provide_session(
    platform: NamedDependency[Platform], access: NamedDependency[Access]
) -> AsyncSession:
    """The transaction of a request, in the scope of the store's merchant."""
    return await current_work.get().session(platform.sessions, access.store.merchant_id)
