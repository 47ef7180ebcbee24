import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edited:
    """What is edited of an item, at one version."""

    id: uuid.UUID
    price_cents: int
    version: int
