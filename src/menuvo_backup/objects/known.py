"""Which objects are there, of hundreds of thousands and in little memory."""

import hashlib
from array import array
from bisect import bisect_left

from menuvo_backup.objects.stores import Object

_SORTED_AT_ONCE = 50_000


class Known:
    """Eight bytes for each: two objects in a million are taken for one another once in thirty
    million nights."""

    def __init__(self) -> None:
        self._sorted: list[array[int]] = []
        self._fresh: array[int] = array("Q")

    def add(self, one: Object) -> None:
        self._fresh.append(_mark(one))
        if len(self._fresh) >= _SORTED_AT_ONCE:
            self._sort()

    def __contains__(self, one: Object) -> bool:
        if self._fresh:
            self._sort()
        mark = _mark(one)
        return any(_has(marks, mark) for marks in self._sorted)

    def _sort(self) -> None:
        self._sorted.append(array("Q", sorted(self._fresh)))
        self._fresh = array("Q")


def _mark(one: Object) -> int:
    """A key names its content, so another size is another object: one that was cut off."""
    told = f"{one.shelf}/{one.key}/{one.size}".encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest())


def _has(marks: "array[int]", mark: int) -> bool:
    at = bisect_left(marks, mark)
    return at < len(marks) and marks[at] == mark
