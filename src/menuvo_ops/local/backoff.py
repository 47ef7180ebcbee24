"""How long a crashed service waits before it starts again."""

import random

_FIRST = 0.5
_LONGEST = 30.0
# More doublings than these change nothing, and after a night of crashes no float would hold them.
_DOUBLINGS = 6
# A service that lived this long had started well: its next crash is counted as the first.
STEADY = 30.0


def delay_after(crashes: int, jitter: float | None = None) -> float:
    """Seconds: doubled with every crash in a row, shortened by chance by up to a half.

    `jitter` between 0 and 1 takes the place of chance.
    """
    chance = random.random() if jitter is None else jitter
    doubled = _FIRST * 2.0 ** min(crashes - 1, _DOUBLINGS)
    return min(_LONGEST, doubled) * (1 - chance / 2)
