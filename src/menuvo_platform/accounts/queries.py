import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import UUID, Text, bindparam, column, delete, func, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.accounts.models import Login, User
from menuvo_platform.accounts.schemas import LoginEntry, Membership, Person

_memberships = func.list_memberships(bindparam("user_id", type_=UUID())).table_valued(
    column("merchant_id", UUID()), column("store_id", UUID()), column("role", Text())
)


@dataclass(frozen=True, slots=True)
class Credentials:
    user_id: uuid.UUID
    password_hash: str


async def find_credentials(session: AsyncSession, email: str) -> Credentials | None:
    found = await session.execute(select(User.id, User.password_hash).where(User.email == email))
    row = found.one_or_none()
    if row is None:
        return None
    user_id, password_hash = row
    return Credentials(user_id, password_hash)


async def replace_password_hash(
    session: AsyncSession, known: Credentials, password_hash: str
) -> None:
    """Unless the password was changed in the meantime."""
    await session.execute(
        update(User)
        .where(User.id == known.user_id, User.password_hash == known.password_hash)
        .values(password_hash=password_hash)
    )


async def insert_login(session: AsyncSession, login: dict[str, object]) -> None:
    await session.execute(insert(Login).values(login))


async def find_person(session: AsyncSession, digest: bytes, now: datetime) -> Person | None:
    """Who is signed in by the token with this digest, unless that login has ended."""
    found = await session.execute(
        select(User.id, Login.id, User.email, User.name, User.language)
        .join(User, User.id == Login.user_id)
        .where(Login.token_digest == digest, Login.revoked_at.is_(None), Login.expires_at > now)
    )
    row = found.one_or_none()
    if row is None:
        return None
    user_id, login_id, email, name, language = row
    return Person(
        user_id=user_id,
        login_id=login_id,
        email=email,
        name=name,
        language=language,
        memberships=await _list_memberships(session, user_id),
    )


async def _list_memberships(session: AsyncSession, user_id: uuid.UUID) -> tuple[Membership, ...]:
    door = _memberships.c
    found = await session.execute(
        select(door.merchant_id, door.store_id, door.role), {"user_id": user_id}
    )
    rows = cast("list[tuple[uuid.UUID, uuid.UUID | None, str]]", found.all())
    return tuple(Membership(*row) for row in rows)


async def mark_login_seen(
    session: AsyncSession, login_id: uuid.UUID, now: datetime, *, every: timedelta, keep: timedelta
) -> None:
    await session.execute(
        update(Login)
        .where(Login.id == login_id, Login.last_seen_at < now - every)
        .values(last_seen_at=now, expires_at=now + keep)
    )


async def list_logins(
    session: AsyncSession, user_id: uuid.UUID, now: datetime
) -> tuple[LoginEntry, ...]:
    """The logins that have not ended, the one used last first."""
    found = await session.execute(
        select(Login.id, Login.user_agent, Login.created_at, Login.last_seen_at)
        .where(Login.user_id == user_id, Login.revoked_at.is_(None), Login.expires_at > now)
        .order_by(Login.last_seen_at.desc(), Login.id)
    )
    return tuple(
        LoginEntry(id=login_id, user_agent=user_agent, created_at=created, last_seen_at=seen)
        for login_id, user_agent, created, seen in found.all()
    )


async def revoke_login(
    session: AsyncSession, user_id: uuid.UUID, login_id: uuid.UUID, now: datetime
) -> bool:
    """True when the user had such a login and it had not been revoked."""
    done = await session.execute(
        update(Login)
        .where(Login.id == login_id, Login.user_id == user_id, Login.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return cast("CursorResult[tuple[()]]", done).rowcount == 1


async def sweep_logins(session: AsyncSession, *, kept_days: int, at_most: int) -> int:
    """How many were deleted of those that ended so long ago, by the database's clock."""
    ended_at = func.least(Login.revoked_at, Login.expires_at)
    old = (
        select(Login.id)
        .where(ended_at < func.now() - timedelta(days=kept_days))
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
    swept = await session.execute(delete(Login).where(Login.id.in_(old)))
    return cast("CursorResult[tuple[()]]", swept).rowcount
