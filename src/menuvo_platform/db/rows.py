"""Rows of explicit columns as frozen structs or dataclasses, by the names of the columns."""

from typing import TypeVar

import msgspec
from sqlalchemy import Executable
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

Shape = TypeVar("Shape")


async def fetch_all(
    session: AsyncSession, shape: type[Shape], statement: Executable
) -> tuple[Shape, ...]:
    found = await session.execute(statement)
    return tuple(_shaped(row, shape) for row in found.mappings())


async def fetch_one(
    session: AsyncSession, shape: type[Shape], statement: Executable
) -> Shape | None:
    """The only row, if there is one; raises MultipleResultsFound."""
    row = (await session.execute(statement)).mappings().one_or_none()
    return None if row is None else _shaped(row, shape)


def _shaped(row: RowMapping, shape: type[Shape]) -> Shape:
    # As a dict, because msgspec would take a method of the mapping for a column named "items".
    return msgspec.convert(dict(row), shape)
