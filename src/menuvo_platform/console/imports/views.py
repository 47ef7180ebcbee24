"""Uploaded menus and how far they are."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from menuvo_platform.console.imports.queries import ImportEntry
from menuvo_platform.imports.models import UNFINISHED
from menuvo_platform.web.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class ImportLine:
    """`problem` is the sentence of a failed one."""

    id: uuid.UUID
    file_name: str
    state: str
    created_at: datetime
    rows: int
    rows_with_problems: int
    problem: str | None
    under_way: bool


def import_line(entry: ImportEntry, catalogue: Catalogue) -> ImportLine:
    problem = None
    if entry.state == "failed":
        problem = catalogue.text(f"error.{entry.error_code}", **entry.error_facts)
    return ImportLine(
        id=entry.id,
        file_name=entry.file_name,
        state=entry.state,
        created_at=entry.created_at,
        rows=entry.rows,
        rows_with_problems=entry.rows_with_problems,
        problem=problem,
        under_way=entry.state in UNFINISHED,
    )


def any_under_way(lines: Sequence[ImportLine]) -> bool:
    return any(line.under_way for line in lines)
