"""Reads the TOML files beside this module into the values of `model`."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from menuvo_platform.demo.content.model import (
    Business,
    Category,
    Demo,
    Key,
    ModifierGroup,
    Person,
    Slot,
    Store,
    Table,
    Text,
    Value,
)

FOLDER = files("menuvo_platform.demo.content")

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Day, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
Opening = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]

File = TypeVar("File", bound=Value)


class Zone(Value, frozen=True, kw_only=True):
    name: Text
    tables: tuple[int, ...]


class RestaurantFile(Value, frozen=True, kw_only=True):
    business: Business
    owner: Person
    kitchen: Person
    store: Store
    hours: dict[Day, tuple[Opening, ...]]
    zones: tuple[Zone, ...]
    categories: tuple[Key, ...]
    """Their order on the menu; each is a file in the folder `menu`."""


class ModifiersFile(Value, frozen=True, kw_only=True):
    groups: tuple[ModifierGroup, ...]


def load_demo() -> Demo:
    """The whole demo; msgspec.ValidationError names the field that is wrong."""
    restaurant = _read(FOLDER / "restaurant.toml", RestaurantFile)
    modifiers = _read(FOLDER / "modifiers.toml", ModifiersFile)
    menu = FOLDER / "menu"
    return Demo(
        business=restaurant.business,
        owner=restaurant.owner,
        kitchen=restaurant.kitchen,
        store=restaurant.store,
        hours=tuple(
            slot_from(weekday, opening)
            for weekday, day in enumerate(WEEKDAYS)
            for opening in restaurant.hours.get(day, ())
        ),
        tables=tuple(_table(zone, number) for zone in restaurant.zones for number in zone.tables),
        groups=modifiers.groups,
        categories=tuple(_read(menu / f"{key}.toml", Category) for key in restaurant.categories),
    )


def slot_from(weekday: int, opening: str) -> Slot:
    """Reads "17:00-01:00"; an end that is not after the start belongs to the next day."""
    start, end = (_minutes(time) for time in opening.split("-"))
    return Slot(weekday=weekday, opens=start, closes=end if end > start else end + 1440)


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def _table(zone: Zone, number: int) -> Table:
    return Table(
        zone=zone.name,
        name=Text(de=f"Tisch {number}", en=f"Table {number}"),
        code=f"t{number}",
    )


def _read(file: Traversable, kind: type[File]) -> File:
    return msgspec.toml.decode(file.read_bytes(), type=kind)
