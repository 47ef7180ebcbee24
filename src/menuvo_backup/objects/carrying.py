"""Objects from one bucket into another: a few at a time, never more than some megabytes of them."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from menuvo_backup.bucket import MEBIBYTE
from menuvo_backup.errors import ObjectsFailed
from menuvo_backup.objects.stores import Object, Shelf, told

if TYPE_CHECKING:  # it exists in the library's types only
    from obstore import GetResult

_AT_ONCE = 4
# A larger one is carried alone among those at once: it is what takes memory.
_SMALL_BYTES = MEBIBYTE
# The smallest part that S3 takes.
_PART_BYTES = 5 * MEBIBYTE
# A bucket that denies one denies them all; a few that are damaged hold up no others.
_ENOUGH_FAILURES = 20
# Nobody else can work with the backups meanwhile.
MOST_SECONDS = 3600.0


@dataclass
class Carried:
    count: int = 0
    bytes: int = 0
    left: int = 0
    failures: list[ObjectsFailed] = field(default_factory=list[ObjectsFailed])


async def carry(
    wanted: AsyncGenerator[Object],
    origin: Mapping[str, Shelf],
    target: Mapping[str, Shelf],
    *,
    seconds: float = MOST_SECONDS,
) -> Carried:
    """What there was no time for, or no sense in after many failures, is counted as left."""
    carried, deadline = Carried(), time.monotonic() + seconds
    turn, large = asyncio.Lock(), asyncio.Lock()

    async def choose() -> Object | None:
        """A generator is asked by one at a time."""
        async with turn:
            try:
                return await anext(wanted, None)
            except ObjectsFailed as error:
                carried.failures.append(error)
                return None

    async def work() -> None:
        while (one := await choose()) is not None:
            if time.monotonic() > deadline or len(carried.failures) >= _ENOUGH_FAILURES:
                carried.left += 1
                continue
            try:
                async with large if one.size > _SMALL_BYTES else nullcontext():
                    await _carry(one, origin[one.shelf], target[one.shelf])
            except ObjectsFailed as error:
                carried.failures.append(error)
            else:
                carried.count += 1
                carried.bytes += one.size

    async with asyncio.TaskGroup() as group:
        for _ in range(_AT_ONCE):
            _ = group.create_task(work())
    carried.left += len(carried.failures)
    return carried


async def _carry(one: Object, origin: Shelf, target: Shelf) -> None:
    with told(origin.side):
        answer = await origin.store.get_async(f"{origin.prefix}{one.key}")
        if answer.meta["size"] != one.size:
            raise ObjectsFailed(
                f"{one.key} has {answer.meta['size']:,} bytes, and {one.size:,} were listed.",
                hint="It is tried again with the next backup.",
            )
        small = await answer.bytes_async() if one.size <= _PART_BYTES else None
    with told(target.side):
        # How a browser is told to show it and how long it may keep it.
        _ = await target.store.put_async(
            f"{target.prefix}{one.key}",
            _parts(answer) if small is None else small,
            attributes=answer.attributes,
            use_multipart=small is None,
            chunk_size=_PART_BYTES,
            max_concurrency=1,
        )


async def _parts(answer: "GetResult") -> AsyncGenerator[bytes]:
    async for part in answer.stream(min_chunk_size=MEBIBYTE):
        yield bytes(part)
