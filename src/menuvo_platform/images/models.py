import uuid

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlalchemy.orm import Mapped, mapped_column

from menuvo_platform.db.base import Base, CreatedAt, Key

STATES = ("processing", "ready", "failed")


class Image(Base):
    """A picture by its content. Its objects are `m/{merchant}/{sha256}/{width}.webp`."""

    __tablename__: str = "images"
    __table_args__: tuple[UniqueConstraint] = (UniqueConstraint("merchant_id", "sha256"),)

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    sha256: Mapped[str]
    content_type: Mapped[str]
    bytes: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="processing")
    width: Mapped[int | None]
    height: Mapped[int | None]
    widths: Mapped[list[int]] = mapped_column(ARRAY(BIGINT()), server_default="{}")
    colour: Mapped[str] = mapped_column(server_default="")  # average, as #rrggbb, before it loads
    error_code: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[CreatedAt]
