"""Rows of explicit columns as frozen structs or dataclasses, by the names of the columns."""

from typing import TypeVar

import msgspec
from sqlalchemy import Executable
from sqlalchemy.engine import MappingResult
from sqlalchemy.ext.asyncio import AsyncSession

Shape = TypeVar("Shape")


async def fetch_all(
    session: AsyncSession, shape: type[Shape], statement: Executable
) -> tuple[Shape, ...]:
    return rows_as((await session.execute(statement)).mappings(), shape)


async def fetch_one(
    session: AsyncSession, shape: type[Shape], statement: Executable
) -> Shape | None:
    """The only row, if there is one; raises MultipleResultsFound."""
    return row_as((await session.execute(statement)).mappings(), shape)


def row_as(found: MappingResult, shape: type[Shape]) -> Shape | None:
    """The only row, if there is one."""
    row = found.one_or_none()
    return None if row is None else msgspec.convert(row, shape)


def rows_as(found: MappingResult, shape: type[Shape]) -> tuple[Shape, ...]:
    return tuple(msgspec.convert(row, shape) for row in found)
