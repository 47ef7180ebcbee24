"""Imports and their rows with all columns, whichever page shows them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from menuvo_platform.imports.models import ImportedRow, MenuImport


@dataclass(frozen=True, slots=True)
class ImportState:
    id: uuid.UUID
    store_id: uuid.UUID
    file_name: str
    state: str
    error_code: str
    error_facts: dict[str, str | int]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ImportedLine:
    position: int
    source_line: int
    category: str
    name: str
    description: str
    price_cents: int | None
    problems: list[str]
    source: dict[str, str]


async def find_import(session: AsyncSession, import_id: uuid.UUID) -> ImportState | None:
    found = await session.execute(
        select(
            MenuImport.id,
            MenuImport.store_id,
            MenuImport.file_name,
            MenuImport.state,
            MenuImport.error_code,
            MenuImport.error_facts,
            MenuImport.created_at,
        ).where(MenuImport.id == import_id)
    )
    row = found.mappings().one_or_none()
    return msgspec.convert(row, ImportState) if row else None


async def list_imported_lines(session: AsyncSession, import_id: uuid.UUID) -> list[ImportedLine]:
    found = await session.execute(
        select(
            ImportedRow.position,
            ImportedRow.source_line,
            ImportedRow.category,
            ImportedRow.name,
            ImportedRow.description,
            ImportedRow.price_cents,
            ImportedRow.problems,
            ImportedRow.source,
        )
        .where(ImportedRow.import_id == import_id)
        .order_by(ImportedRow.position)
    )
    return msgspec.convert(found.mappings().all(), list[ImportedLine])
