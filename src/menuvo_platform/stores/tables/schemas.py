import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A service point as its own people see it, with the token of its printed code."""

    id: uuid.UUID
    name: str
    zone: str
    token: str
    active: bool
