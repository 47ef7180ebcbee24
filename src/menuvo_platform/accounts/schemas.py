import uuid
from dataclasses import dataclass
from datetime import datetime

from menuvo_platform.accounts.roles import RIGHTS, Right


@dataclass(frozen=True, slots=True)
class Membership:
    """A role in all stores of a merchant, or in one of them."""

    merchant_id: uuid.UUID
    store_id: uuid.UUID | None
    role: str

    def covers(self, store_id: uuid.UUID) -> bool:
        return self.store_id is None or self.store_id == store_id


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, by which login, and where they work."""

    user_id: uuid.UUID
    login_id: uuid.UUID
    email: str
    name: str
    language: str
    memberships: tuple[Membership, ...]

    def rights_in(self, merchant_id: uuid.UUID, store_id: uuid.UUID) -> frozenset[Right]:
        """What all memberships together allow; nothing in a store that is none of theirs."""
        rights: frozenset[Right] = frozenset()
        for membership in self.memberships:
            if membership.merchant_id == merchant_id and membership.covers(store_id):
                rights |= RIGHTS[membership.role]
        return rights


@dataclass(frozen=True, slots=True)
class LoginEntry:
    """One line of the list of one's own logins."""

    id: uuid.UUID
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
