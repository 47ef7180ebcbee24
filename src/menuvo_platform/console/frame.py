"""What stands around the content of every page of the Console."""

from dataclasses import dataclass

from litestar import Response

from menuvo_platform.accounts.roles import Right
from menuvo_platform.console.access import Access
from menuvo_platform.web.logins import HOME, SignedIn
from menuvo_platform.web.rendering import Renderer

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


def personal_frame(signed_in: SignedIn) -> Frame:
    """For pages about the person, in no store."""
    home = Place("home", "home", HOME, current=False)
    return Frame("Menuvo", signed_in.person.name, (home,))


def store_address(access: Access) -> str:
    return f"{HOME}/stores/{access.store.id}"


def store_page(
    renderer: Renderer,
    access: Access,
    here: str,
    template: str,
    *,
    status: int = 200,
    **context: object,
) -> Response[str]:
    return renderer.page(
        f"console/{template}",
        access.language,
        status=status,
        headers=None,
        frame=store_frame(access, here),
        base=store_address(access),
        csrf_token=access.signed_in.csrf,
        **context,
    )
