"""Tables by zone, each with what its printed code says."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from menuvo_platform.stores.tables.schemas import Table


@dataclass(frozen=True, slots=True)
class TableCard:
    """`address` is in the code; `shown` stands beside it for people, without what is secret."""

    id: uuid.UUID
    name: str
    zone: str
    active: bool
    address: str
    shown: str


@dataclass(frozen=True, slots=True)
class Zone:
    name: str
    tables: tuple[TableCard, ...]


def table_card(table: Table, public_url: str, slug: str) -> TableCard:
    return TableCard(
        id=table.id,
        name=table.name,
        zone=table.zone,
        active=table.active,
        address=f"{public_url}/q/{table.token}",
        shown=f"{urlsplit(public_url).netloc}/{slug}",
    )


def zones(cards: Sequence[TableCard]) -> tuple[Zone, ...]:
    """In the order in which a zone first comes."""
    names = dict.fromkeys(card.zone for card in cards)
    return tuple(Zone(name, tuple(card for card in cards if card.zone == name)) for name in names)
