import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.db.rows import fetch_all, fetch_one
from menuvo_platform.imports.models import ImportedRow, MenuImport


@dataclass(frozen=True, slots=True)
class ImportEntry:
    id: uuid.UUID
    file_name: str
    state: str
    error_code: str
    error_facts: dict[str, str | int]
    created_at: datetime
    rows: int
    rows_with_problems: int


@dataclass(frozen=True, slots=True)
class ReviewRow:
    source_line: int
    category: str
    name: str
    description: str
    price_cents: int | None
    problems: list[str]


_OF_IMPORT = select(func.count()).where(ImportedRow.import_id == MenuImport.id)
_IMPORTS = select(
    MenuImport.id,
    MenuImport.file_name,
    MenuImport.state,
    MenuImport.error_code,
    MenuImport.error_facts,
    MenuImport.created_at,
    _OF_IMPORT.scalar_subquery().label("rows"),
    _OF_IMPORT.where(func.cardinality(ImportedRow.problems) > 0)
    .scalar_subquery()
    .label("rows_with_problems"),
)


async def list_imports(
    session: AsyncSession, store_id: uuid.UUID, at_most: int
) -> tuple[ImportEntry, ...]:
    """The latest first."""
    statement = _IMPORTS.where(MenuImport.store_id == store_id)
    return await fetch_all(
        session, ImportEntry, statement.order_by(MenuImport.id.desc()).limit(at_most)
    )


async def find_import(
    session: AsyncSession, store_id: uuid.UUID, import_id: uuid.UUID
) -> ImportEntry | None:
    return await fetch_one(
        session,
        ImportEntry,
        _IMPORTS.where(MenuImport.store_id == store_id, MenuImport.id == import_id),
    )


async def list_review_rows(session: AsyncSession, import_id: uuid.UUID) -> tuple[ReviewRow, ...]:
    return await fetch_all(
        session,
        ReviewRow,
        select(
            ImportedRow.source_line,
            ImportedRow.category,
            ImportedRow.name,
            ImportedRow.description,
            ImportedRow.price_cents,
            ImportedRow.problems,
        )
        .where(ImportedRow.import_id == import_id)
        .order_by(ImportedRow.position),
    )
