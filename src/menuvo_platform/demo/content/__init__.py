"""The demo restaurant as data: edit the TOML files, not the code."""

from menuvo_platform.demo.content.model import (
    Business,
    Category,
    Demo,
    Item,
    Modifier,
    ModifierGroup,
    Person,
    Slot,
    Store,
    Table,
    Text,
)
from menuvo_platform.demo.content.reading import load_demo

__all__ = [
    "Business",
    "Category",
    "Demo",
    "Item",
    "Modifier",
    "ModifierGroup",
    "Person",
    "Slot",
    "Store",
    "Table",
    "Text",
    "load_demo",
]
