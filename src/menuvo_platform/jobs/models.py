import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from menuvo_platform.db.base import Base, CreatedAt, Key
from menuvo_platform.db.documents import Document

QUEUES = ("images", "imports")
STATES = ("queued", "running", "done", "dead", "dropped")


class Job(Base):
    """Work that must happen, written in the transaction that needs it."""

    __tablename__: str = "jobs"

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    queue: Mapped[str]
    kind: Mapped[str]
    dedupe_key: Mapped[str]
    payload: Mapped[Document] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(server_default="queued")
    attempts: Mapped[int] = mapped_column(server_default="0")
    lease_token: Mapped[uuid.UUID | None]
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime]
    last_error: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]
