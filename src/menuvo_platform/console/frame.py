"""What stands around the content of every page of the Console."""

from collections.abc import Sequence
from dataclasses import dataclass

from menuvo_platform.accounts.roles import Right
from menuvo_platform.console.access import Access
from menuvo_platform.stores.schemas import StoreView
from menuvo_platform.web.logins import HOME, SignedIn

# Name (of the message and the address), icon, and the right it takes. Five fit a phone.
PLACES: tuple[tuple[str, str, Right | None], ...] = (
    ("home", "home", None),
    ("board", "board", Right.BOARD),
    ("menu", "menu", Right.MENU),
    ("tables", "tables", Right.TABLES),
    ("imports", "upload", Right.IMPORTS),
)


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    icon: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    title: str
    person_name: str
    places: tuple[Place, ...]


def store_frame(access: Access, here: str) -> Frame:
    """The places of the store that the person may enter."""
    base = store_address(access)
    return Frame(
        title=access.store.name,
        person_name=access.signed_in.person.name,
        places=tuple(
            Place(name, icon, base if name == "home" else f"{base}/{name}", current=name == here)
            for name, icon, right in PLACES
            if right is None or access.may(right)
        ),
    )


def personal_frame(signed_in: SignedIn, stores: Sequence[StoreView]) -> Frame:
    """For pages about the person: within their store, if there is only one."""
    if len(stores) == 1:
        store = stores[0]
        rights = signed_in.person.rights_in(store.merchant_id, store.id)
        return store_frame(Access(signed_in, store, rights), here="")
    home = Place("home", "home", HOME, current=False)
    return Frame("Menuvo", signed_in.person.name, (home,))


def store_address(access: Access) -> str:
    return f"{HOME}/stores/{access.store.id}"
