"""How much of something an instance takes from anybody, where no row is worth it."""

import time
from collections.abc import Callable

_MINUTE = 60.0


class Allowance:
    """So many in a minute, whoever sends them."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most: int = most
        self._clock: Callable[[], float] = clock
        self._since: float = clock()
        self._used: int = 0

    def take(self) -> bool:
        now = self._clock()
        if now - self._since >= _MINUTE:
            self._since, self._used = now, 0
        self._used += 1
        return self._used <= self._most
