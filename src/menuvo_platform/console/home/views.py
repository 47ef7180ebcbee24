"""The overview of a store: its day, and what is left to prepare."""

from collections.abc import Iterator
from dataclasses import dataclass

from menuvo_platform.accounts.roles import Right
from menuvo_platform.console.home.queries import Setup


@dataclass(frozen=True, slots=True)
class Step:
    """Something worth doing next: the message `console.step.<name>`, and the place to do it."""

    name: str
    count: int
    place: str


def next_steps(setup: Setup, rights: frozenset[Right]) -> tuple[Step, ...]:
    """In the order in which a restaurant is prepared; empty when all is done."""
    return tuple(step for right, step in _steps(setup) if right in rights)


def _steps(setup: Setup) -> Iterator[tuple[Right, Step]]:
    if setup.items == 0:
        yield Right.IMPORTS, Step("import_menu", 0, "imports")
    if setup.items_without_allergens:
        yield Right.MENU, Step("name_allergens", setup.items_without_allergens, "menu")
    if setup.items and setup.tables and setup.orders == 0:
        yield Right.TABLES, Step("try_an_order", 0, "tables")
    if setup.items_without_picture:
        yield Right.MENU, Step("add_pictures", setup.items_without_picture, "menu")
