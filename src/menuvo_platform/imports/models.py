import uuid

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from menuvo_platform.db.base import Base, CreatedAt, Key

STATES = ("uploaded", "extracting", "review", "applied", "failed", "discarded")
# Nobody has read the file yet, or read it to its end.
UNFINISHED = STATES[:2]


class MenuImport(Base):
    """A file somebody uploaded to make a menu of."""

    __tablename__: str = "menu_imports"

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"), index=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str]
    file_name: Mapped[str]
    bytes: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="uploaded")
    error_code: Mapped[str] = mapped_column(server_default="")
    error_facts: Mapped[dict[str, str | int]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[CreatedAt]


class ImportedRow(Base):
    """One proposed item, with the line of the file that it came from. Never applied by itself."""

    __tablename__: str = "imported_rows"
    __table_args__: tuple[UniqueConstraint] = (UniqueConstraint("import_id", "position"),)

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("menu_imports.id"))
    position: Mapped[int]
    source_line: Mapped[int]
    category: Mapped[str] = mapped_column(server_default="")
    name: Mapped[str] = mapped_column(server_default="")
    description: Mapped[str] = mapped_column(server_default="")
    price_cents: Mapped[int | None]
    problems: Mapped[list[str]] = mapped_column(server_default="{}")  # codes of messages
    source: Mapped[dict[str, str]] = mapped_column(JSONB)  # the cells as they stood in the file
