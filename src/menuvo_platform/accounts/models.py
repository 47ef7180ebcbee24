"""People who sign in to the Console. Users belong to no merchant: one may work for many."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from menuvo_platform.db.base import Base, CreatedAt, Key

ROLES = ("owner", "manager", "kitchen", "waiter")


class User(Base):
    __tablename__: str = "users"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(unique=True)  # always lower case
    name: Mapped[str]
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(server_default="de")
    created_at: Mapped[CreatedAt]


class Membership(Base):
    """A role in a merchant, or in one of its stores when store_id is set."""

    __tablename__: str = "memberships"
    __table_args__: tuple[UniqueConstraint] = (
        UniqueConstraint("merchant_id", "user_id", "store_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    store_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stores.id"))
    role: Mapped[str]
    created_at: Mapped[CreatedAt]


class Login(Base):
    """A browser signed in. Only the digest of its token is stored."""

    __tablename__: str = "logins"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    user_agent: Mapped[str]
    created_at: Mapped[CreatedAt]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Throttle(Base):
    """How often something was tried in the current window. Unlogged: a crash may forget it."""

    __tablename__: str = "throttles"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_started_at: Mapped[datetime]
    count: Mapped[int]
