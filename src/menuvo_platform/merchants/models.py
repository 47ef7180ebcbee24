import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from menuvo_platform.db.base import Base, CreatedAt, Key, Version


class Merchant(Base):
    """The legal entity; the imprint of its pages is made from these columns."""

    __tablename__: str = "merchants"

    id: Mapped[Key]
    legal_name: Mapped[str]
    representative: Mapped[str]
    register_court: Mapped[str] = mapped_column(server_default="")
    register_number: Mapped[str] = mapped_column(server_default="")
    vat_id: Mapped[str] = mapped_column(server_default="")
    street: Mapped[str]
    postal_code: Mapped[str]
    city: Mapped[str]
    country: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    languages: Mapped[list[str]]  # the first is the fallback
    allergen_scheme: Mapped[str] = mapped_column(server_default="de")
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]


class AuditEntry(Base):
    """Who changed what. Append-only."""

    __tablename__: str = "audit_entries"

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"), index=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    facts: Mapped[dict[str, str | int | bool | None]] = mapped_column(JSONB, server_default="{}")
    at: Mapped[datetime]
