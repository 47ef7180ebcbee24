"""People who sign in, written as the owner."""

import uuid
from dataclasses import dataclass

from sqlalchemy import insert

from menuvo_platform.accounts.models import Membership, User
from menuvo_platform.accounts.passwords import hash_password
from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id

PASSWORD = " a long walk to Freiburg "


@dataclass(frozen=True)
class UserRow:
    id: uuid.UUID
    email: str
    password: str


async def add_user(
    sessions: Sessions,
    merchant_id: uuid.UUID,
    *,
    role: str = "owner",
    store_id: uuid.UUID | None = None,
    language: str = "de",
    password: str = PASSWORD,
) -> UserRow:
    """A user with one role in the merchant, or in one of its stores."""
    user = UserRow(new_id(), f"{uuid.uuid4().hex}@example.org", password)
    password_hash = await hash_password(password)
    async with transaction(sessions) as session:
        await session.execute(
            insert(User).values(
                id=user.id,
                email=user.email,
                name="Paula Probe",
                password_hash=password_hash,
                language=language,
            )
        )
        await session.execute(
            insert(Membership).values(
                id=new_id(),
                merchant_id=merchant_id,
                user_id=user.id,
                store_id=store_id,
                role=role,
            )
        )
    return user
