"""When what is asked: each kind at its own steady rate, whatever becomes of the answers."""

import heapq
from collections.abc import Iterator, Mapping


def moments(per_second: Mapping[str, float]) -> Iterator[tuple[float, str]]:
    """Seconds since the beginning, and what is due then; without end."""
    return heapq.merge(
        *(
            # Shifted against each other, so that kinds of the same rate are never due at once.
            _steady(kind, rate, shift=number / len(per_second))
            for number, (kind, rate) in enumerate(per_second.items())
        )
    )


def _steady(kind: str, rate: float, *, shift: float) -> Iterator[tuple[float, str]]:
    number = 0
    while True:
        yield (number + shift) / rate, kind
        number += 1
